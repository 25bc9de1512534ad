// Made by `npm run generate` from openapi/**/*.yaml; never edited.
// sources: f07b78f2352b026ec6f52560dd9f4cd0fcd9ccf8ea8df483c38ca415be2b83bc

export interface paths {
    "/containers/json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List containers
         * @description Newest first. Only running ones unless `all`, `limit` or a filter on status says otherwise. The entries are shorter than what inspecting a container answers.
         */
        get: operations["ContainerList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a container
         * @description Makes the container without starting it. Much of what is wrong with the settings shows only at start: a missing network or device, for one.
         */
        post: operations["ContainerCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/json": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /** Inspect a container */
        get: operations["ContainerInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/top": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * List the processes of a container
         * @description Runs `ps` on the host and keeps the lines that belong to the container.
         */
        get: operations["ContainerTop"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Read the logs of a container
         * @description What the container wrote, as the log driver kept it. Without a terminal the bytes are framed: one byte for the stream (1 output, 2 error), three zero bytes, the length as four bytes big-endian, then that many bytes. With a terminal they come as they are. Only drivers that can be read back (`json-file`, `local`, `journald`) answer.
         */
        get: operations["ContainerLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * List changed files
         * @description What differs between the container's file system and its image.
         */
        get: operations["ContainerChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Export the file system of a container
         * @description Everything below the container's root directory as a tar archive; volumes and other mounts are left out.
         */
        get: operations["ContainerExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Measure the resource use of a container
         * @description A JSON object each second. Processor load is a difference: `(cpu_stats - precpu_stats)` of `cpu_usage.total_usage` over that of `system_cpu_usage`, times `online_cpus`. Memory in use without reclaimable cache is `usage` less `stats.inactive_file` (cgroup v2) or `stats.total_inactive_file` (v1).
         */
        get: operations["ContainerStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/resize": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resize the terminal of a container */
        post: operations["ContainerResize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a container */
        post: operations["ContainerStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a container
         * @description Sends the stop signal, waits, then kills.
         */
        post: operations["ContainerStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart a container
         * @description Stops it as the stop operation does, if it runs, and starts it.
         */
        post: operations["ContainerRestart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/kill": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signal to a container
         * @description `SIGKILL` also ends the restart policy's work, as a stop does; the answer then comes after the container's end.
         */
        post: operations["ContainerKill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the limits of a container
         * @description Takes effect at once if the container runs. Fields that are left out keep their value.
         */
        post: operations["ContainerUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/rename": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rename a container */
        post: operations["ContainerRename"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a container
         * @description Freezes all its processes through the cgroup freezer. They do not notice, unlike with SIGSTOP.
         */
        post: operations["ContainerPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/unpause": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a paused container */
        post: operations["ContainerUnpause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/attach": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach to a container
         * @description Turns the connection into a two-way byte stream joined to the container's standard streams. A client that asks to upgrade (`Connection: Upgrade`, `Upgrade: tcp`) is answered 101, any other 200 followed by the bytes. Without a terminal output is framed as it is for logs. The client may close its sending half and go on reading.
         */
        post: operations["ContainerAttach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/attach/ws": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Attach to a container by WebSocket
         * @description As attach, with the bytes in WebSocket messages. They are never framed, so output and error cannot be told apart.
         */
        get: operations["ContainerAttachWebsocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wait for a container
         * @description Headers are sent at once, the body when the condition holds.
         */
        post: operations["ContainerWait"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a container */
        delete: operations["ContainerDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Copy files out of a container
         * @description A tar archive of the file or directory, running or not. The header `X-Docker-Container-Path-Stat` describes the path itself.
         */
        get: operations["ContainerArchive"];
        /**
         * Copy files into a container
         * @description Unpacks a tar archive (plain, or compressed with gzip, bzip2, xz or zstd) in a directory that exists already.
         */
        put: operations["PutContainerArchive"];
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Look at a path in a container
         * @description The answer is in the header `X-Docker-Container-Path-Stat`.
         */
        head: operations["ContainerArchiveInfo"];
        patch?: never;
        trace?: never;
    };
    "/containers/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove all stopped containers
         * @description Since v1.25.
         */
        post: operations["ContainerPrune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List images */
        get: operations["ImageList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build an image
         * @description The body is a tar archive with the Dockerfile and what it copies, unless `remote` names a place to fetch it from. The answer is a JSON object per step, error or progress; a failed step is reported there, with status 200.
         */
        post: operations["ImageBuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/build/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove build cache
         * @description Since v1.31.
         */
        post: operations["BuildPrune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pull or import an image
         * @description `fromImage` pulls from a registry, `fromSrc` imports a file system from the body (`-`) or an address. The answer is a JSON object per step; a failure before the first of them has a status of its own.
         */
        post: operations["ImageCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{name}/json": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        /** Inspect an image */
        get: operations["ImageInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        /**
         * Show the history of an image
         * @description Newest step first.
         */
        get: operations["ImageHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{name}/push": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push an image
         * @description The registry is the first part of the name. A failure is reported in the answer's last object, with status 200.
         */
        post: operations["ImagePush"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{name}/tag": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an image a further name */
        post: operations["ImageTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an image
         * @description Removing one name of several only unnames. The last name takes the image and its nameless parents with it.
         */
        delete: operations["ImageDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Search a registry */
        get: operations["ImageSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove unused images
         * @description Since v1.25.
         */
        post: operations["ImagePrune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check registry credentials */
        post: operations["SystemAuth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe the engine and its machine */
        get: operations["SystemInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe the engine's version */
        get: operations["SystemVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/_ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ask whether the engine answers */
        get: operations["SystemPing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Ask whether the engine answers, without a body
         * @description Since v1.40.
         */
        head: operations["SystemPingHead"];
        patch?: never;
        trace?: never;
    };
    "/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an image of a container */
        post: operations["ImageCommit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow events
         * @description One JSON object per event, past ones first if `since` is given, then as they happen until the client leaves or `until` is reached. The engine remembers the last 256. What happens to containers: `attach`, `commit`, `copy`, `create`, `destroy`, `detach`, `die`, `exec_create`, `exec_detach`, `exec_die`, `exec_start`, `export`, `health_status`, `kill`, `oom`, `pause`, `rename`, `resize`, `restart`, `start`, `stop`, `top`, `unpause`, `update`, `prune`; images: `create`, `delete`, `import`, `load`, `pull`, `push`, `save`, `tag`, `untag`, `prune`; volumes: `create`, `mount`, `unmount`, `destroy`, `prune`; networks: `create`, `connect`, `disconnect`, `destroy`, `update`, `remove`, `prune`; the daemon: `reload`.
         */
        get: operations["SystemEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/system/df": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Measure disk use
         * @description Since v1.25.
         */
        get: operations["SystemDataUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/{name}/get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        /**
         * Save an image
         * @description A tar archive with the image's manifests, configuration and layers. It is an OCI layout and at the same time what older engines load: `manifest.json` names images and tags.
         */
        get: operations["ImageGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Save several images
         * @description As saving one; common layers are stored once.
         */
        get: operations["ImageGetAll"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/images/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Load images
         * @description Takes what save makes, of this or another engine, and OCI layouts; plain or compressed. A failure is reported in the answer's last object, with status 200.
         */
        post: operations["ImageLoad"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/exec": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare a command in a container
         * @description Makes an exec instance; it runs when it is started. The container must be running.
         */
        post: operations["ContainerExec"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exec/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the exec instance */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a prepared command
         * @description Unless detached, the connection becomes the command's byte stream, in the way of attaching to a container. A command that cannot be started says so in that stream and ends with 126 or 127; detached, the failure is the answer.
         */
        post: operations["ExecStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exec/{id}/resize": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the exec instance */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resize the terminal of a command */
        post: operations["ExecResize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exec/{id}/json": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the exec instance */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Inspect a command
         * @description Remains available for some minutes after the command's end.
         */
        get: operations["ExecInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/volumes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List volumes */
        get: operations["VolumeList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/volumes/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a volume
         * @description Asking for a volume that exists, with the same driver, answers with that one.
         */
        post: operations["VolumeCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/volumes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the volume */
                name: string;
            };
            cookie?: never;
        };
        /** Inspect a volume */
        get: operations["VolumeInspect"];
        /**
         * Change a cluster volume
         * @description Only `Availability` can change. Since v1.42.
         */
        put: operations["VolumeUpdate"];
        post?: never;
        /** Remove a volume */
        delete: operations["VolumeDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/volumes/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove unused volumes
         * @description Since v1.25.
         */
        post: operations["VolumePrune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List networks
         * @description The lists of containers and peers are left out; inspect a network for them.
         */
        get: operations["NetworkList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        /** Inspect a network */
        get: operations["NetworkInspect"];
        put?: never;
        post?: never;
        /** Remove a network */
        delete: operations["NetworkDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a network */
        post: operations["NetworkCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks/{id}/connect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach a container to a network
         * @description A running container gets its interface at once.
         */
        post: operations["NetworkConnect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks/{id}/disconnect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Detach a container from a network */
        post: operations["NetworkDisconnect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/networks/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove unused networks
         * @description Since v1.25.
         */
        post: operations["NetworkPrune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List plugins */
        get: operations["PluginList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/privileges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a plugin asks to be allowed
         * @description Since v1.25.
         */
        get: operations["GetPluginPrivileges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Install a plugin
         * @description Pulls it and leaves it disabled.
         */
        post: operations["PluginPull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}/json": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        /**
         * Inspect a plugin
         * @description Since v1.25.
         */
        get: operations["PluginInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a plugin */
        delete: operations["PluginDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enable a plugin */
        post: operations["PluginEnable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disable a plugin */
        post: operations["PluginDisable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace a plugin by another version
         * @description The plugin must be disabled; its settings and data stay. Since v1.26.
         */
        post: operations["PluginUpgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a plugin of a root file system
         * @description Since v1.25.
         */
        post: operations["PluginCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}/push": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push a plugin to its registry
         * @description Since v1.25.
         */
        post: operations["PluginPush"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/plugins/{name}/set": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the settings of a plugin
         * @description Since v1.25.
         */
        post: operations["PluginSet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List nodes */
        get: operations["NodeList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the node */
                id: string;
            };
            cookie?: never;
        };
        /** Inspect a node */
        get: operations["NodeInspect"];
        put?: never;
        post?: never;
        /** Remove a node */
        delete: operations["NodeDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the node */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change a node */
        post: operations["NodeUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Inspect the swarm */
        get: operations["SwarmInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm/init": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Found a swarm */
        post: operations["SwarmInit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join a swarm */
        post: operations["SwarmJoin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave the swarm */
        post: operations["SwarmLeave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the swarm */
        post: operations["SwarmUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm/unlockkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the key that unlocks managers
         * @description Since v1.25.
         */
        get: operations["SwarmUnlockkey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/swarm/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlock a manager after its restart
         * @description Since v1.25.
         */
        post: operations["SwarmUnlock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List services */
        get: operations["ServiceList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a service */
        post: operations["ServiceCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        /** Inspect a service */
        get: operations["ServiceInspect"];
        put?: never;
        post?: never;
        /** Remove a service */
        delete: operations["ServiceDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change a service */
        post: operations["ServiceUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Read the logs of a service
         * @description Those of all its tasks, in the framing of a container's logs. Only log drivers that can be read back answer. Since v1.25.
         */
        get: operations["ServiceLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tasks */
        get: operations["TaskList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task */
                id: string;
            };
            cookie?: never;
        };
        /** Inspect a task */
        get: operations["TaskInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Read the logs of a task
         * @description In the framing of a container's logs. Only log drivers that can be read back answer. Since v1.29.
         */
        get: operations["TaskLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List secrets
         * @description Without their data, which never leaves the cluster again. Since v1.25.
         */
        get: operations["SecretList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a secret
         * @description Since v1.25.
         */
        post: operations["SecretCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the secret */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Inspect a secret
         * @description Since v1.25.
         */
        get: operations["SecretInspect"];
        put?: never;
        post?: never;
        /**
         * Remove a secret
         * @description Since v1.25.
         */
        delete: operations["SecretDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the secret */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the labels of a secret
         * @description Since v1.26.
         */
        post: operations["SecretUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/configs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List configs
         * @description Since v1.30.
         */
        get: operations["ConfigList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/configs/create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a config
         * @description Since v1.30.
         */
        post: operations["ConfigCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/configs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the config */
                id: string;
            };
            cookie?: never;
        };
        /**
         * Inspect a config
         * @description Since v1.30.
         */
        get: operations["ConfigInspect"];
        put?: never;
        post?: never;
        /**
         * Remove a config
         * @description Since v1.30.
         */
        delete: operations["ConfigDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/configs/{id}/update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the config */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the labels of a config
         * @description Since v1.30.
         */
        post: operations["ConfigUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/distribution/{name}/json": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the image, with tag or digest */
                name: string;
            };
            cookie?: never;
        };
        /**
         * Ask a registry about an image
         * @description Since v1.30.
         */
        get: operations["DistributionInspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a builder's session
         * @description The client asks to upgrade to `h2c` and then *serves* gRPC on this connection: files, secrets, SSH agents, credentials, which the builder calls for during a build. Experimental. Since v1.31.
         */
        post: operations["Session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /**
         * List the checkpoints of a container
         * @description An experimental feature: 501 unless those are on.
         */
        get: operations["CheckpointList"];
        put?: never;
        /**
         * Checkpoint a container
         * @description Writes the state of all its processes to disk, by means of CRIU, so that the container can be started from there. An experimental feature: 501 unless those are on.
         */
        post: operations["CheckpointCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/containers/{id}/checkpoints/{checkpoint}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
                /** @description Name of the checkpoint */
                checkpoint: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a checkpoint
         * @description An experimental feature: 501 unless those are on.
         */
        delete: operations["CheckpointDelete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/build/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a build */
        post: operations["BuildCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/grpc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Speak gRPC with the builder
         * @description The client asks to upgrade to `h2c`; the connection then carries HTTP/2 with BuildKit's services. This is what buildx uses with the `docker` driver.
         */
        post: operations["Grpc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Any path, of one segment or more */
                path: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        /**
         * Ask what a path allows
         * @description Answers 200 without a body on every path, even one that does not exist; allows nothing by it.
         */
        options: operations["Options"];
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A record of the build cache. */
        BuildCache: {
            /** @description Id of the record */
            ID?: string;
            /** @description Records it builds on. Since v1.42. */
            Parents?: string[] | null;
            /**
             * @description What it holds
             * @enum {string}
             */
            Type?: "internal" | "frontend" | "source.local" | "source.git.checkout" | "exec.cachemount" | "regular";
            /** @description Step that made it */
            Description?: string;
            /** @description A build is using it. */
            InUse?: boolean;
            /** @description Other images or records use its data too. */
            Shared?: boolean;
            /** @description Bytes on disk */
            Size?: number;
            /**
             * Format: date-time
             * @description When it was made
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last used; null if never.
             */
            LastUsedAt?: string | null;
            /** @description How often it was used */
            UsageCount?: number;
        };
        BuildPruneResponse: {
            /** @description Ids of what was removed; null if nothing was. */
            CachesDeleted?: string[] | null;
            /**
             * Format: int64
             * @description Bytes freed
             */
            SpaceReclaimed?: number;
        };
        ClusterVolume: {
            /** @description Id of the cluster volume; its name is the volume's. */
            ID?: string;
            /** @description Version, for changes */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was made
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description What was asked for */
            Spec?: components["schemas"]["ClusterVolumeSpec"];
            /** @description What its plugin says of it */
            Info?: {
                /**
                 * Format: int64
                 * @description Size in bytes; 0 is unknown.
                 */
                CapacityBytes?: number;
                /** @description Facts for the plugin */
                VolumeContext?: {
                    [key: string]: string;
                } | null;
                /** @description Id the plugin knows it by */
                VolumeID?: string;
                /** @description Where it can be reached; empty is everywhere. */
                AccessibleTopology?: components["schemas"]["Topology"][] | null;
            };
            /** @description Its state on the nodes that use or used it */
            PublishStatus?: {
                /** @description Id of the node */
                NodeID?: string;
                /**
                 * @description How far publishing or its undoing has come
                 * @enum {string}
                 */
                State?: "pending-publish" | "published" | "pending-node-unpublish" | "pending-controller-unpublish";
                /** @description Facts for the plugin */
                PublishContext?: {
                    [key: string]: string;
                } | null;
            }[] | null;
        };
        ClusterVolumeSpec: {
            /** @description Group of volumes one may ask for as `group:<name>` */
            Group?: string;
            /** @description How it is used */
            AccessMode?: components["schemas"]["ClusterVolumeAccessMode"];
        };
        ClusterVolumeAccessMode: {
            /**
             * @description Whether on one node or on several at once
             * @enum {string}
             */
            Scope?: "single" | "multi";
            /**
             * @description How several tasks may use it at once
             * @enum {string}
             */
            Sharing?: "none" | "readonly" | "onewriter" | "all";
            /** @description It is mounted as a file system. */
            MountVolume?: Record<string, never>;
            /** @description Secrets for its plugin */
            Secrets?: {
                /** @description Name by which the plugin knows it */
                Key?: string;
                /** @description Id or name of the secret */
                Secret?: string;
            }[] | null;
            /** @description Where it must be reachable */
            AccessibilityRequirements?: {
                /** @description Topologies of which it must be in at least one */
                Requisite?: components["schemas"]["Topology"][] | null;
                /** @description Topologies to prefer, best first */
                Preferred?: components["schemas"]["Topology"][] | null;
            };
            /** @description Its size */
            CapacityRange?: {
                /**
                 * Format: int64
                 * @description At least that many bytes; 0 is no demand.
                 */
                RequiredBytes?: number;
                /**
                 * Format: int64
                 * @description At most that many bytes; 0 is no demand.
                 */
                LimitBytes?: number;
            };
            /**
             * @description Whether tasks may use it: `active`; `pause`, no new ones; `drain`, none.
             * @enum {string}
             */
            Availability?: "active" | "pause" | "drain";
        };
        /** @description A place in a cluster, in the terms of its storage system. */
        Topology: {
            /** @description Values by domain, such as `region` and `zone` */
            Segments?: {
                [key: string]: string;
            } | null;
        };
        ConfigSpec: {
            /** @description Its name */
            Name?: string;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description The data in base64, up to 1000 KiB */
            Data?: string;
            /** @description Driver that fills in templates; null for none. Since v1.37. */
            Templating?: components["schemas"]["Driver"];
        };
        Config: {
            /** @description Its id */
            ID?: string;
            /** @description Version, for changes */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was made
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description What it is */
            Spec?: components["schemas"]["ConfigSpec"];
        };
        /** @description What a container runs and how, independent of the host. An image's configuration supplies what is left out. */
        ContainerConfig: {
            /** @description Host name inside; absent or empty means the first 12 digits of the id. */
            Hostname?: string;
            /** @description NIS domain name inside */
            Domainname?: string;
            /** @description User the command runs as: `user`, `user:group`, `uid`, `uid:gid` or a mixture; looked up inside the container. Empty is root. */
            User?: string;
            /** @description The creating client will attach standard input. With `AttachStdout` and `AttachStderr` only a note for clients. */
            AttachStdin?: boolean;
            /** @description The creating client will attach standard output. */
            AttachStdout?: boolean;
            /** @description The creating client will attach standard error. */
            AttachStderr?: boolean;
            /** @description Ports the container listens on, as keys `port/tcp`, `port/udp` or `port/sctp`; the values are empty objects. Exposing publishes nothing by itself. */
            ExposedPorts?: {
                [key: string]: Record<string, never>;
            } | null;
            /** @description Give the command a terminal. Output and error are then one stream. */
            Tty?: boolean;
            /** @description Keep standard input open though no client is attached. */
            OpenStdin?: boolean;
            /** @description Close standard input when the first attached client ends it. */
            StdinOnce?: boolean;
            /** @description Environment as `NAME=value`; `NAME` alone removes it. */
            Env?: string[] | null;
            /** @description Command and arguments, or the arguments of `Entrypoint` if that is set. A string stands for a list of one. */
            Cmd?: string[] | null;
            /** @description How to find out whether the container works */
            Healthcheck?: components["schemas"]["HealthConfig"];
            /** @description The command line is escaped already. Windows only. */
            ArgsEscaped?: boolean | null;
            /** @description Name or id of the image */
            Image?: string;
            /** @description Paths at which nameless volumes are mounted, as keys; the values are empty objects. */
            Volumes?: {
                [key: string]: Record<string, never>;
            } | null;
            /** @description Absolute path the command starts in; made if missing. */
            WorkingDir?: string;
            /** @description What to run, with `Cmd` as further arguments. A string stands for a list of one; a list with one empty string drops the image's. */
            Entrypoint?: string[] | null;
            /** @description No network at all. */
            NetworkDisabled?: boolean | null;
            /** @description Hardware address of the first network's interface. From v1.44 on it belongs into the endpoint's settings. */
            MacAddress?: string | null;
            /** @description Instructions an image hands to builds based on it */
            OnBuild?: string[] | null;
            /** @description Names and values of any kind, for people and tools */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Signal that asks the container to end; SIGTERM if absent. */
            StopSignal?: string | null;
            /** @description Seconds between that signal and SIGKILL; 10 if null, -1 waits forever. */
            StopTimeout?: number | null;
            /** @description Shell for the shell form of Dockerfile instructions, as a list */
            Shell?: string[] | null;
        };
        /** @description A test that runs inside the container. Durations are in nanoseconds: 0 takes the image's value or the default, less than 1 ms is refused. */
        HealthConfig: {
            /** @description `["NONE"]` switches the image's test off, `["CMD", ...]` runs a program, `["CMD-SHELL", "..."]` a shell command; empty takes the image's. Exit code 0 is healthy. */
            Test?: string[] | null;
            /**
             * Format: int64
             * @description Between one test's end and the next; default 30 s.
             */
            Interval?: number;
            /**
             * Format: int64
             * @description After which a test counts as failed; default 30 s.
             */
            Timeout?: number;
            /** @description Failures in a row that make the container unhealthy; 0 means the default of 3. */
            Retries?: number;
            /**
             * Format: int64
             * @description After the start, during which failures do not count; default 0. Since v1.29.
             */
            StartPeriod?: number;
            /**
             * Format: int64
             * @description Between tests during the start period; default 5 s. Since v1.44.
             */
            StartInterval?: number;
        };
        /** @description A container's configuration, its host settings and its networks in one object. */
        ContainerCreateRequest: components["schemas"]["ContainerConfig"] & {
            /** @description Settings that concern the host */
            HostConfig?: components["schemas"]["HostConfig"];
            /** @description Networks to attach to, with endpoint settings */
            NetworkingConfig?: components["schemas"]["NetworkingConfig"];
        };
        ContainerCreateResponse: {
            /** @description Id of the new container */
            Id: string;
            /** @description What was changed or left out, in words; never null. */
            Warnings: string[];
        };
        NetworkingConfig: {
            /** @description Endpoint settings by network name or id. Before v1.44 only one entry is taken. */
            EndpointsConfig?: {
                [key: string]: components["schemas"]["EndpointSettings"];
            } | null;
        };
        /** @description One sample of a container's resource use. */
        ContainerStatsResponse: {
            /** @description Name of the container, with a slash before it */
            name?: string | null;
            /** @description Id of the container */
            id?: string | null;
            /**
             * Format: date-time
             * @description When this sample was taken
             */
            read?: string;
            /**
             * Format: date-time
             * @description When the one before it was taken; the zero time if there was none.
             */
            preread?: string;
            /** @description Processes and threads */
            pids_stats?: components["schemas"]["ContainerPidsStats"];
            /** @description Disk access */
            blkio_stats?: components["schemas"]["ContainerBlkioStats"];
            /**
             * Format: uint32
             * @description Number of processes. Windows only, otherwise 0.
             */
            num_procs?: number;
            /** @description Storage. Windows only, otherwise empty. */
            storage_stats?: components["schemas"]["ContainerStorageStats"];
            /** @description Processor time at `read` */
            cpu_stats?: components["schemas"]["ContainerCPUStats"];
            /** @description Processor time at `preread` */
            precpu_stats?: components["schemas"]["ContainerCPUStats"];
            /** @description Memory */
            memory_stats?: components["schemas"]["ContainerMemoryStats"];
            /** @description Traffic by interface name; absent without a network of its own. */
            networks?: {
                [key: string]: components["schemas"]["ContainerNetworkStats"];
            } | null;
        };
        /** @description Disk access as the cgroup counts it. With cgroup v2 only `io_service_bytes_recursive` is filled; all others are null. */
        ContainerBlkioStats: {
            /** @description Bytes moved */
            io_service_bytes_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Accesses. Cgroup v1 only. */
            io_serviced_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Accesses waiting. Cgroup v1 only. */
            io_queue_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Nanoseconds from sending an access to its end. Cgroup v1 only. */
            io_service_time_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Nanoseconds accesses waited to be sent. Cgroup v1 only. */
            io_wait_time_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Accesses merged with others. Cgroup v1 only. */
            io_merged_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Milliseconds the device was busy for it. Cgroup v1 only. */
            io_time_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            /** @description Sectors moved. Cgroup v1 only. */
            sectors_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
        } | null;
        ContainerBlkioStatEntry: {
            /**
             * Format: uint64
             * @description Major number of the device
             */
            major?: number;
            /**
             * Format: uint64
             * @description Minor number of the device
             */
            minor?: number;
            /** @description Kind of access, such as `read` or `write` */
            op?: string;
            /**
             * Format: uint64
             * @description The count
             */
            value?: number;
        } | null;
        ContainerCPUStats: {
            /** @description Time used by the container */
            cpu_usage?: components["schemas"]["ContainerCPUUsage"];
            /**
             * Format: uint64
             * @description Nanoseconds used by the whole machine, idle time included; all processors added up.
             */
            system_cpu_usage?: number | null;
            /**
             * Format: uint32
             * @description Processors that are online
             */
            online_cpus?: number | null;
            /** @description How its quota held it back */
            throttling_data?: components["schemas"]["ContainerThrottlingData"];
        } | null;
        ContainerCPUUsage: {
            /**
             * Format: uint64
             * @description Nanoseconds in all (100 ns units on Windows)
             */
            total_usage?: number;
            /** @description Nanoseconds by processor. Cgroup v1 only. */
            percpu_usage?: number[] | null;
            /**
             * Format: uint64
             * @description Nanoseconds in the kernel
             */
            usage_in_kernelmode?: number;
            /**
             * Format: uint64
             * @description Nanoseconds outside the kernel
             */
            usage_in_usermode?: number;
        } | null;
        ContainerPidsStats: {
            /**
             * Format: uint64
             * @description Processes and threads now
             */
            current?: number | null;
            /**
             * Format: uint64
             * @description Most there may be; 0 or absent is no limit.
             */
            limit?: number | null;
        } | null;
        ContainerThrottlingData: {
            /**
             * Format: uint64
             * @description Scheduling periods passed
             */
            periods?: number;
            /**
             * Format: uint64
             * @description Periods in which the quota was used up
             */
            throttled_periods?: number;
            /**
             * Format: uint64
             * @description Nanoseconds it was held back
             */
            throttled_time?: number;
        } | null;
        ContainerMemoryStats: {
            /**
             * Format: uint64
             * @description Bytes in use, page cache included
             */
            usage?: number | null;
            /**
             * Format: uint64
             * @description Most bytes ever in use. Cgroup v1 only.
             */
            max_usage?: number | null;
            /** @description The counters of the cgroup's `memory.stat`, which differ between versions */
            stats?: {
                [key: string]: number | null;
            } | null;
            /**
             * Format: uint64
             * @description How often the limit was reached. Cgroup v1 only.
             */
            failcnt?: number | null;
            /**
             * Format: uint64
             * @description Limit in bytes; the machine's memory if there is none.
             */
            limit?: number | null;
            /**
             * Format: uint64
             * @description Bytes committed. Windows only.
             */
            commitbytes?: number | null;
            /**
             * Format: uint64
             * @description Most bytes ever committed. Windows only.
             */
            commitpeakbytes?: number | null;
            /**
             * Format: uint64
             * @description Bytes of the private working set. Windows only.
             */
            privateworkingset?: number | null;
        };
        ContainerNetworkStats: {
            /**
             * Format: uint64
             * @description Bytes received
             */
            rx_bytes?: number;
            /**
             * Format: uint64
             * @description Packets received
             */
            rx_packets?: number;
            /**
             * Format: uint64
             * @description Errors in receiving
             */
            rx_errors?: number;
            /**
             * Format: uint64
             * @description Packets received and dropped
             */
            rx_dropped?: number;
            /**
             * Format: uint64
             * @description Bytes sent
             */
            tx_bytes?: number;
            /**
             * Format: uint64
             * @description Packets sent
             */
            tx_packets?: number;
            /**
             * Format: uint64
             * @description Errors in sending
             */
            tx_errors?: number;
            /**
             * Format: uint64
             * @description Packets to send that were dropped
             */
            tx_dropped?: number;
            /** @description Endpoint. Windows only. */
            endpoint_id?: string | null;
            /** @description Instance. Windows only. */
            instance_id?: string | null;
        } | null;
        ContainerStorageStats: {
            /**
             * Format: uint64
             * @description Reads. Windows only.
             */
            read_count_normalized?: number | null;
            /**
             * Format: uint64
             * @description Bytes read. Windows only.
             */
            read_size_bytes?: number | null;
            /**
             * Format: uint64
             * @description Writes. Windows only.
             */
            write_count_normalized?: number | null;
            /**
             * Format: uint64
             * @description Bytes written. Windows only.
             */
            write_size_bytes?: number | null;
        } | null;
        /** @description All that is known of one container. */
        ContainerInspectResponse: {
            /** @description Id, 64 hexadecimal digits */
            Id?: string;
            /**
             * Format: date-time
             * @description When it was created
             */
            Created?: string | null;
            /** @description Program that is run */
            Path?: string;
            /** @description Its arguments */
            Args?: string[] | null;
            /** @description What it does at present */
            State?: components["schemas"]["ContainerState"];
            /** @description Id of its image */
            Image?: string;
            /** @description Host path of what it sees as `/etc/resolv.conf`; empty until the first start. */
            ResolvConfPath?: string;
            /** @description Host path of what it sees as `/etc/hostname`; empty until the first start. */
            HostnamePath?: string;
            /** @description Host path of what it sees as `/etc/hosts`; empty until the first start. */
            HostsPath?: string;
            /** @description File its log is written to, with drivers that write one */
            LogPath?: string | null;
            /** @description Name, with a slash before it */
            Name?: string;
            /** @description How often the restart policy has started it since its last start by a user */
            RestartCount?: number;
            /** @description Storage driver of its file system */
            Driver?: string;
            /** @description Operating system of its image */
            Platform?: string;
            /** @description Manifest of its image for its platform, with image stores that keep it. Since v1.48. */
            ImageManifestDescriptor?: components["schemas"]["OCIDescriptor"];
            /** @description SELinux label of its files */
            MountLabel?: string;
            /** @description SELinux label of its processes */
            ProcessLabel?: string;
            /** @description AppArmor profile of its processes */
            AppArmorProfile?: string;
            /** @description Running exec instances; null if there are none. */
            ExecIDs?: string[] | null;
            /** @description Host settings, as created and updated */
            HostConfig?: components["schemas"]["HostConfig"];
            /** @description Where the storage driver keeps its file system */
            GraphDriver?: components["schemas"]["DriverData"];
            /**
             * Format: int64
             * @description Bytes of files it made or changed; only when asked for.
             */
            SizeRw?: number | null;
            /**
             * Format: int64
             * @description Bytes of all its files; only when asked for.
             */
            SizeRootFs?: number | null;
            /** @description Its mounts */
            Mounts?: components["schemas"]["MountPoint"][] | null;
            /** @description Configuration, with the image's filled in */
            Config?: components["schemas"]["ContainerConfig"];
            /** @description Its networks */
            NetworkSettings?: components["schemas"]["NetworkSettings"];
        };
        /** @description What a container does. The flags do not exclude one another: a paused container is running too. */
        ContainerState: {
            /**
             * @description All flags in a word
             * @enum {string}
             */
            Status?: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
            /** @description It runs, perhaps paused. */
            Running?: boolean;
            /** @description Its processes are frozen. */
            Paused?: boolean;
            /** @description It waits to be started again by its restart policy. */
            Restarting?: boolean;
            /** @description A process in it was killed for want of memory. */
            OOMKilled?: boolean;
            /** @description It could not be removed completely. */
            Dead?: boolean;
            /** @description Process id on the host; 0 when it does not run. */
            Pid?: number;
            /** @description Exit code of its last run, 128 and the signal if one killed it; 0 while it runs or before it ever did. */
            ExitCode?: number;
            /** @description Why its last start failed */
            Error?: string;
            /** @description When it was started last */
            StartedAt?: string;
            /** @description When it ended last */
            FinishedAt?: string;
            /** @description Results of its health test; absent without one. */
            Health?: components["schemas"]["Health"];
        } | null;
        /** @description What a list tells of a container. */
        ContainerSummary: {
            /** @description Id, 64 hexadecimal digits */
            Id?: string;
            /** @description Names with a slash before them, those by links included */
            Names?: string[] | null;
            /** @description Image as it was named at creation, or the image's id when that name now means another */
            Image?: string;
            /** @description Id of its image */
            ImageID?: string;
            /** @description Manifest of its image for its platform, with image stores that keep it. Since v1.48. */
            ImageManifestDescriptor?: components["schemas"]["OCIDescriptor"] | null;
            /** @description Program and arguments as one string */
            Command?: string;
            /**
             * Format: int64
             * @description When it was created, in seconds since 1970
             */
            Created?: number;
            /** @description Exposed and published ports */
            Ports?: components["schemas"]["Port"][] | null;
            /**
             * Format: int64
             * @description Bytes of files it made or changed; only when asked for.
             */
            SizeRw?: number | null;
            /**
             * Format: int64
             * @description Bytes of all its files; only when asked for.
             */
            SizeRootFs?: number | null;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /**
             * @description What it does, in a word
             * @enum {string}
             */
            State?: "created" | "running" | "paused" | "restarting" | "exited" | "removing" | "dead";
            /** @description The same for people, such as `Up 5 minutes (healthy)` */
            Status?: string;
            /** @description A part of its host settings */
            HostConfig?: components["schemas"]["ContainerSummaryHostConfig"];
            /** @description Its networks */
            NetworkSettings?: components["schemas"]["ContainerSummaryNetworkSettings"];
            /** @description Its mounts */
            Mounts?: components["schemas"]["MountPoint"][] | null;
        };
        ContainerSummaryHostConfig: {
            /** @description Network mode; a network is named by its id or name as at creation. */
            NetworkMode?: string;
            /** @description Annotations handed to the runtime. Since v1.46. */
            Annotations?: {
                [key: string]: string;
            } | null;
        };
        ContainerSummaryNetworkSettings: {
            /** @description Endpoints by the network's name */
            Networks?: {
                [key: string]: components["schemas"]["EndpointSettings"];
            } | null;
        };
        Health: {
            /**
             * @description Result so far; `none` without a test, `starting` during the start period.
             * @enum {string}
             */
            Status?: "none" | "starting" | "healthy" | "unhealthy";
            /** @description Failures in a row */
            FailingStreak?: number;
            /** @description The last five results, oldest first */
            Log?: components["schemas"]["HealthcheckResult"][] | null;
        } | null;
        HealthcheckResult: {
            /**
             * Format: date-time
             * @description When the test began
             */
            Start?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            End?: string;
            /** @description 0 healthy, 1 unhealthy, 2 reserved, anything else: the test itself failed */
            ExitCode?: number;
            /** @description What it wrote, up to 4096 bytes */
            Output?: string;
        } | null;
        ContainerTopResponse: {
            /** @description Column titles of `ps` */
            Titles?: string[] | null;
            /** @description A list of columns per process */
            Processes?: (string[] | null)[] | null;
        };
        ContainerWaitResponse: {
            /**
             * Format: int64
             * @description Exit code of the container
             */
            StatusCode: number;
            /** @description Why waiting failed; absent if it did not. Since v1.34. */
            Error?: components["schemas"]["ContainerWaitExitError"];
        };
        ContainerWaitExitError: {
            /** @description The reason */
            Message?: string;
        };
        ContainerPruneResponse: {
            /** @description Ids of what was removed; null if nothing was. */
            ContainersDeleted?: string[] | null;
            /**
             * Format: int64
             * @description Bytes freed
             */
            SpaceReclaimed?: number;
        };
        FilesystemChange: {
            /** @description Path in the container */
            Path: string;
            /** @description What happened to it */
            Kind: components["schemas"]["ChangeType"];
        };
        /**
         * Format: uint8
         * @description 0 changed, 1 added, 2 deleted
         * @enum {integer}
         */
        ChangeType: 0 | 1 | 2;
        /** @description What a storage driver tells of a file system of its own. */
        DriverData: {
            /** @description Name of the driver */
            Name: string;
            /** @description Facts by name, such as `UpperDir`; null if there are none. */
            Data: {
                [key: string]: string;
            };
        };
        IDResponse: {
            /** @description Id of what was made */
            Id: string;
        };
        CheckpointSummary: {
            /** @description Name of the checkpoint */
            Name?: string;
        };
        CheckpointCreateRequest: {
            /** @description Name to give the checkpoint */
            CheckpointID?: string;
            /** @description Directory on the host to write it to, if not the usual one */
            CheckpointDir?: string;
            /** @description Stop the container afterwards. */
            Exit?: boolean;
        };
        /** @description A container's networks. The fields at the top repeat the endpoint on the default bridge and are empty for any other network. */
        NetworkSettings: {
            /** @description Always empty. */
            Bridge?: string;
            /** @description Id of the container's network namespace; empty when it does not run. */
            SandboxID?: string;
            /** @description Always false. */
            HairpinMode?: boolean;
            /** @description Always empty. */
            LinkLocalIPv6Address?: string;
            /** @description Always 0. */
            LinkLocalIPv6PrefixLen?: number;
            /** @description Exposed ports and what is published of them; empty when it does not run. */
            Ports?: components["schemas"]["PortMap"];
            /** @description Path of the network namespace */
            SandboxKey?: string;
            /** @description Always null. */
            SecondaryIPAddresses?: components["schemas"]["Address"][] | null;
            /** @description Always null. */
            SecondaryIPv6Addresses?: components["schemas"]["Address"][] | null;
            /** @description Endpoint on the default bridge */
            EndpointID?: string;
            /** @description Gateway on the default bridge */
            Gateway?: string;
            /** @description IPv6 address on the default bridge */
            GlobalIPv6Address?: string;
            /** @description Length of its prefix */
            GlobalIPv6PrefixLen?: number;
            /** @description IPv4 address on the default bridge */
            IPAddress?: string;
            /** @description Length of its prefix */
            IPPrefixLen?: number;
            /** @description IPv6 gateway on the default bridge */
            IPv6Gateway?: string;
            /** @description Hardware address on the default bridge */
            MacAddress?: string;
            /** @description Endpoints by the network's name */
            Networks?: {
                [key: string]: components["schemas"]["EndpointSettings"];
            } | null;
        };
        Address: {
            /** @description The address */
            Addr?: string;
            /** @description Length of its prefix */
            PrefixLen?: number;
        };
        /** @description Where the container's ports appear on the host, by `port/tcp`, `port/udp` or `port/sctp`. A port with null is exposed but not published. */
        PortMap: {
            [key: string]: components["schemas"]["PortBinding"][] | null;
        } | null;
        PortBinding: {
            /** @description Address of the host to listen on; empty is all. */
            HostIp?: string;
            /** @description Port of the host, or a range to choose from; empty or `0` is any free one. */
            HostPort?: string;
        };
        /** @description An exposed or published port. IPv4 and IPv6 are listed apart. */
        Port: {
            /** @description Address of the host; absent if not published. */
            IP?: string;
            /**
             * Format: uint16
             * @description Port in the container
             */
            PrivatePort: number;
            /**
             * Format: uint16
             * @description Port of the host; absent if not published.
             */
            PublicPort?: number;
            /**
             * @description Protocol
             * @enum {string}
             */
            Type: "tcp" | "udp" | "sctp";
        };
        /** @description A container's attachment to one network. The first part is settings, the second, from `NetworkID` on, is what came of them. */
        EndpointSettings: {
            /** @description Wanted addresses; null leaves the choice to the network. */
            IPAMConfig?: components["schemas"]["EndpointIPAMConfig"];
            /** @description Links to other containers in this network, as `name:alias` */
            Links?: string[] | null;
            /** @description Hardware address; on request the wanted one, which drivers may not honour. */
            MacAddress?: string;
            /** @description Further names of the container in this network */
            Aliases?: string[] | null;
            /** @description Options of the network's driver. Since v1.32. */
            DriverOpts?: {
                [key: string]: string;
            } | null;
            /**
             * Format: int64
             * @description The network with the highest value provides the default gateway; equal ones go by name. Since v1.48.
             */
            GwPriority?: number;
            /** @description Id of the network */
            NetworkID?: string;
            /** @description Id of the endpoint; empty when the container does not run. */
            EndpointID?: string;
            /** @description IPv4 gateway */
            Gateway?: string;
            /** @description IPv4 address */
            IPAddress?: string;
            /** @description Length of its prefix */
            IPPrefixLen?: number;
            /** @description IPv6 gateway */
            IPv6Gateway?: string;
            /** @description IPv6 address */
            GlobalIPv6Address?: string;
            /**
             * Format: int64
             * @description Length of its prefix
             */
            GlobalIPv6PrefixLen?: number;
            /** @description All names the container has in this network; set by the engine. Since v1.44. */
            DNSNames?: string[] | null;
        };
        EndpointIPAMConfig: {
            /** @description Wanted IPv4 address; the network must have been made with a subnet. */
            IPv4Address?: string;
            /** @description Wanted IPv6 address */
            IPv6Address?: string;
            /** @description Link-local addresses to add */
            LinkLocalIPs?: string[] | null;
        } | null;
        /** @description A command to run in a container. */
        ExecConfig: {
            /** @description Join the client's bytes to its standard input. */
            AttachStdin?: boolean;
            /** @description Send its standard output. */
            AttachStdout?: boolean;
            /** @description Send its standard error. */
            AttachStderr?: boolean;
            /** @description Height and width of the terminal, in characters. Since v1.42. */
            ConsoleSize?: number[] | null;
            /** @description Key sequence that detaches the client, as for attaching to a container */
            DetachKeys?: string;
            /** @description Give it a terminal. */
            Tty?: boolean;
            /** @description Environment to add, as `NAME=value` */
            Env?: string[] | null;
            /** @description Program and arguments; here a string is refused. */
            Cmd?: string[] | null;
            /** @description All capabilities */
            Privileged?: boolean;
            /** @description User, in the forms of a container's; the container's own if empty. */
            User?: string;
            /** @description Absolute path it starts in; the container's own if empty. Since v1.35. */
            WorkingDir?: string;
        };
        ExecStartConfig: {
            /** @description Do not attach; answer as soon as it runs. */
            Detach?: boolean;
            /** @description The client wants a terminal; it must be as it was prepared. */
            Tty?: boolean;
            /** @description Height and width of the terminal, in characters. Since v1.42. */
            ConsoleSize?: number[] | null;
        };
        ExecInspectResponse: {
            /** @description It has ended and will be forgotten. */
            CanRemove?: boolean;
            /** @description Key sequence that detaches the client, in bytes */
            DetachKeys?: string;
            /** @description Id of the exec instance */
            ID?: string;
            /** @description Whether it runs */
            Running?: boolean;
            /** @description Exit code; null until it has ended. */
            ExitCode?: number | null;
            /** @description What is run */
            ProcessConfig?: components["schemas"]["ProcessConfig"];
            /** @description Standard input is joined. */
            OpenStdin?: boolean;
            /** @description Standard error is joined. */
            OpenStderr?: boolean;
            /** @description Standard output is joined. */
            OpenStdout?: boolean;
            /** @description Id of the container */
            ContainerID?: string;
            /** @description Process id on the host; 0 before it runs. */
            Pid?: number;
        };
        ProcessConfig: {
            /** @description All capabilities */
            privileged?: boolean;
            /** @description User, if one was named */
            user?: string;
            /** @description Whether it has a terminal */
            tty?: boolean;
            /** @description Program */
            entrypoint?: string;
            /** @description Its arguments */
            arguments?: string[] | null;
        };
        /** @description What a container asks of its host: limits, mounts, networks, privileges. */
        HostConfig: components["schemas"]["Resources"] & {
            /** @description Mounts in short form, `source:target[:options]`. A source starting with `/` is a path on the host, any other the name of a volume. Options, separated by commas: `ro`, `rw`, `z`, `Z`, `nocopy`, `rprivate` and the other propagations. */
            Binds?: string[] | null;
            /** @description File the client has written the id to. Only a note. */
            ContainerIDFile?: string;
            /** @description Log driver of the container; absent or without type means the engine's default. */
            LogConfig?: {
                /**
                 * @description Name of the driver; may also be a plugin's.
                 * @enum {string}
                 */
                Type?: "local" | "json-file" | "syslog" | "journald" | "gelf" | "fluentd" | "awslogs" | "splunk" | "etwlogs" | "none";
                /** @description Options of the driver */
                Config?: {
                    [key: string]: string;
                } | null;
            };
            /** @description `bridge`, `host`, `none`, `container:<name or id>`, the name or id of a network, or `default`. */
            NetworkMode?: string;
            /** @description Ports to publish, by the container's port */
            PortBindings?: components["schemas"]["PortMap"];
            /** @description When to start the container again */
            RestartPolicy?: components["schemas"]["RestartPolicy"];
            /** @description Remove the container when it has ended. */
            AutoRemove?: boolean;
            /** @description Driver for the volumes that are made for the container */
            VolumeDriver?: string;
            /** @description Containers whose mounts to repeat, as `name[:ro|rw]` */
            VolumesFrom?: string[] | null;
            /** @description Mounts in long form */
            Mounts?: components["schemas"]["Mount"][] | null;
            /** @description Height and width of the terminal at the start, in characters. Since v1.42 for Linux too. */
            ConsoleSize?: number[] | null;
            /** @description Annotations handed to the runtime in its specification. Since v1.43. */
            Annotations?: {
                [key: string]: string;
            } | null;
            /** @description Capabilities beyond the usual ones, with or without `CAP_`; `ALL` is all of them. */
            CapAdd?: string[] | null;
            /** @description Capabilities to leave out of the usual ones; `ALL` is all of them. */
            CapDrop?: string[] | null;
            /**
             * @description Cgroup namespace: its own, or the host's. Empty is the engine's default, which depends on the host's cgroup version. Since v1.41.
             * @enum {string}
             */
            CgroupnsMode?: "private" | "host";
            /** @description Addresses of name servers */
            Dns?: string[] | null;
            /** @description Options for `resolv.conf` */
            DnsOptions?: string[] | null;
            /** @description Search domains for `resolv.conf` */
            DnsSearch?: string[] | null;
            /** @description Lines for `/etc/hosts`, as `name:address`; the address may be `host-gateway`. */
            ExtraHosts?: string[] | null;
            /** @description Further groups of the command, by name or number */
            GroupAdd?: string[] | null;
            /** @description `none`, `private`, `shareable`, `container:<name or id>`, `host`; empty is the engine's default. */
            IpcMode?: string;
            /** @description Cgroup to join, as `container:<name or id>`. Of no effect. */
            Cgroup?: string;
            /** @description Links to other containers on the default bridge, as `name:alias` */
            Links?: string[] | null;
            /** @description Bias of the kernel's choice when memory runs out, -1000 to 1000; higher is killed sooner. */
            OomScoreAdj?: number;
            /** @description `container:<name or id>`, `host`, or empty for a namespace of its own. */
            PidMode?: string;
            /** @description All capabilities, all devices, and no protection by seccomp, AppArmor, masked or read-only paths. */
            Privileged?: boolean;
            /** @description Publish every exposed port on a free port of the host. */
            PublishAllPorts?: boolean;
            /** @description Mount the root file system read-only. */
            ReadonlyRootfs?: boolean;
            /** @description `no-new-privileges`, `seccomp=<profile as JSON, unconfined, builtin>`, `apparmor=<profile>`, `label=<...>`, `systempaths=unconfined`, `writable-cgroups=<true, false>`. */
            SecurityOpt?: string[] | null;
            /** @description Options for the container's own layer, such as `size`, where the storage driver can */
            StorageOpt?: {
                [key: string]: string;
            } | null;
            /** @description Memory file systems: options such as `rw,noexec,size=64m` by path */
            Tmpfs?: {
                [key: string]: string;
            } | null;
            /** @description `host`, or empty for a host name of its own. */
            UTSMode?: string;
            /** @description `host` leaves the engine's user namespace remapping; empty follows it. */
            UsernsMode?: string;
            /**
             * Format: int64
             * @description Size of `/dev/shm` in bytes; 0 is the engine's default, 64 MiB.
             */
            ShmSize?: number;
            /** @description Kernel parameters that belong to a namespace, by name such as `net.ipv4.ip_forward` */
            Sysctls?: {
                [key: string]: string;
            } | null;
            /** @description Name of the runtime as the engine's configuration knows it; null or empty is the default one. */
            Runtime?: string | null;
            /**
             * @description Kind of isolation. Windows only; on Linux `default` or empty.
             * @enum {string}
             */
            Isolation?: "default" | "process" | "hyperv" | "";
            /** @description Paths that are hidden, instead of the usual ones; null is the usual ones, an empty list none. Since v1.38. */
            MaskedPaths?: string[] | null;
            /** @description Paths that are made read-only, instead of the usual ones; null is the usual ones, an empty list none. Since v1.38. */
            ReadonlyPaths?: string[] | null;
        };
        /** @description Limits and devices of a container. */
        Resources: {
            /** @description Weight against other containers when processors are short; 0 is the default of 1024. */
            CpuShares?: number;
            /**
             * Format: int64
             * @description Memory limit in bytes, at least 6 MiB; 0 is none.
             */
            Memory?: number;
            /** @description Cgroup below which the container's is made. One that does not start with `/` is relative to the engine's. */
            CgroupParent?: string;
            /** @description Weight against other containers for disk access, 10 to 1000; 0 is the default. */
            BlkioWeight?: number;
            /** @description The same by device */
            BlkioWeightDevice?: {
                /** @description Device file on the host */
                Path?: string;
                /** @description Weight, 10 to 1000 */
                Weight?: number;
            }[] | null;
            /** @description Limits of bytes read per second, by device */
            BlkioDeviceReadBps?: components["schemas"]["ThrottleDevice"][] | null;
            /** @description Limits of bytes written per second, by device */
            BlkioDeviceWriteBps?: components["schemas"]["ThrottleDevice"][] | null;
            /** @description Limits of reads per second, by device */
            BlkioDeviceReadIOps?: components["schemas"]["ThrottleDevice"][] | null;
            /** @description Limits of writes per second, by device */
            BlkioDeviceWriteIOps?: components["schemas"]["ThrottleDevice"][] | null;
            /**
             * Format: int64
             * @description Length of a scheduling period in microseconds, 1000 to 1000000; 0 is the default of 100000. Not together with `NanoCpus`.
             */
            CpuPeriod?: number;
            /**
             * Format: int64
             * @description Microseconds of processor time per period, at least 1000; 0 is no limit. Not together with `NanoCpus`.
             */
            CpuQuota?: number;
            /**
             * Format: int64
             * @description Length of a real-time scheduling period in microseconds; 0 is none.
             */
            CpuRealtimePeriod?: number;
            /**
             * Format: int64
             * @description Microseconds of real-time scheduling per such period; 0 is none.
             */
            CpuRealtimeRuntime?: number;
            /** @description Processors the container may use, as `0-3` or `0,1` */
            CpusetCpus?: string;
            /** @description Memory nodes the container may use, as `0-3` or `0,1` */
            CpusetMems?: string;
            /** @description Devices of the host to make available */
            Devices?: components["schemas"]["DeviceMapping"][] | null;
            /** @description Rules for further devices in the kernel's words, such as `c 13:* rwm`. Since v1.28. */
            DeviceCgroupRules?: string[] | null;
            /** @description Devices to be found by a driver, such as GPUs. Since v1.40. */
            DeviceRequests?: components["schemas"]["DeviceRequest"][] | null;
            /**
             * Format: int64
             * @description Limit of TCP buffers in bytes, with cgroup v1 only; 0 is none. Since v1.40.
             */
            KernelMemoryTCP?: number;
            /**
             * Format: int64
             * @description Bytes of memory the container is pushed back to when memory is short; 0 is none.
             */
            MemoryReservation?: number;
            /**
             * Format: int64
             * @description Limit of memory and swap together in bytes; 0 is twice `Memory`, -1 no limit on swap.
             */
            MemorySwap?: number;
            /**
             * Format: int64
             * @description Readiness to swap, 0 to 100, with cgroup v1 only; null or -1 leaves the host's setting.
             */
            MemorySwappiness?: number | null;
            /**
             * Format: int64
             * @description Processor time as billionths of a processor; 0 is no limit. Since v1.28.
             */
            NanoCpus?: number;
            /** @description Do not kill when the memory limit is reached, with cgroup v1 only. */
            OomKillDisable?: boolean | null;
            /** @description Put a small init in front of the command, which passes signals on and reaps orphans; null is the engine's default. Since v1.37. */
            Init?: boolean | null;
            /**
             * Format: int64
             * @description Limit of processes and threads; 0 or -1 is none, null leaves it as it is.
             */
            PidsLimit?: number | null;
            /** @description Limits in the sense of setrlimit(2) */
            Ulimits?: {
                /** @description Name of the limit without `RLIMIT_`, in lower case, such as `nofile` */
                Name?: string;
                /** @description Soft limit; -1 is none. */
                Soft?: number;
                /** @description Hard limit; -1 is none. */
                Hard?: number;
            }[] | null;
            /**
             * Format: int64
             * @description Number of processors. Windows only.
             */
            CpuCount?: number;
            /**
             * Format: int64
             * @description Share of the processors in percent. Windows only.
             */
            CpuPercent?: number;
            /**
             * Format: int64
             * @description Limit of disk accesses per second on the system drive. Windows only.
             */
            IOMaximumIOps?: number;
            /**
             * Format: int64
             * @description Limit of bytes per second on the system drive. Windows only.
             */
            IOMaximumBandwidth?: number;
        };
        /** @description The most a task may use. */
        Limit: {
            /**
             * Format: int64
             * @description Processor time as billionths of a processor; 0 is no limit.
             */
            NanoCPUs?: number;
            /**
             * Format: int64
             * @description Memory in bytes; 0 is no limit.
             */
            MemoryBytes?: number;
            /**
             * Format: int64
             * @description Processes and threads; 0 is no limit. Since v1.41.
             */
            Pids?: number;
        };
        /** @description A device of the host in the container. */
        DeviceMapping: {
            /** @description Device file, or directory of device files, on the host */
            PathOnHost?: string;
            /** @description Where it appears; the same path if empty. */
            PathInContainer?: string;
            /** @description What is allowed: a selection of `r`, `w` and `m` (mknod) */
            CgroupPermissions?: string;
        };
        /** @description Devices of a kind, found by a driver. */
        DeviceRequest: {
            /** @description Name of the driver, such as `nvidia` or `cdi`; empty leaves the choice to the capabilities. */
            Driver?: string;
            /** @description How many; -1 is all. Not together with `DeviceIDs`. */
            Count?: number;
            /** @description Which ones, by the driver's names */
            DeviceIDs?: string[] | null;
            /** @description Alternatives, each a list of abilities the driver must have all of */
            Capabilities?: (string[] | null)[] | null;
            /** @description Options of the driver */
            Options?: {
                [key: string]: string;
            } | null;
        };
        ThrottleDevice: {
            /** @description Device file on the host */
            Path?: string;
            /**
             * Format: int64
             * @description Bytes or accesses per second
             */
            Rate?: number;
        };
        /** @description When a container that has ended is started again. The pause before it starts at 100 ms and doubles each time. */
        RestartPolicy: {
            /**
             * @description `no` or empty never; `always`; `unless-stopped`, likewise but not once a user has stopped it; `on-failure`, when the exit code is not 0
             * @enum {string}
             */
            Name?: "" | "no" | "always" | "unless-stopped" | "on-failure";
            /** @description With `on-failure`, how often to try; 0 is without limit. */
            MaximumRetryCount?: number;
        };
        /** @description Limits to change; what is left out stays. */
        ContainerUpdateRequest: components["schemas"]["Resources"] & {
            /** @description The new restart policy */
            RestartPolicy?: components["schemas"]["RestartPolicy"];
        };
        ContainerUpdateResponse: {
            /** @description What was changed or left out, in words */
            Warnings?: string[] | null;
        };
        /** @description All that is known of one image. */
        ImageInspect: {
            /** @description Digest of its configuration, or of its index or manifest with image stores that keep those */
            Id?: string;
            /** @description Index or manifest the image stands for, with image stores that keep it. Since v1.48. */
            Descriptor?: components["schemas"]["OCIDescriptor"] | null;
            /** @description Its manifests, when asked for and with image stores that keep them. Since v1.48. */
            Manifests?: components["schemas"]["ImageManifestSummary"][] | null;
            /** @description Names with tag */
            RepoTags?: string[] | null;
            /** @description Names with digest, of registries it came from or went to */
            RepoDigests?: string[] | null;
            /** @description Image it was built on by the classic builder here; else empty. */
            Parent?: string;
            /** @description Remark of its last step */
            Comment?: string;
            /**
             * Format: date-time
             * @description When it was made; absent or the zero time if it does not say.
             */
            Created?: string | null;
            /** @description Engine it was made with; mostly empty. */
            DockerVersion?: string;
            /** @description Who made it */
            Author?: string;
            /** @description What containers of it run */
            Config?: components["schemas"]["ImageConfig"];
            /** @description Processor it is for */
            Architecture?: string;
            /** @description Kind of that processor, such as `v8` */
            Variant?: string | null;
            /** @description Operating system it is for */
            Os?: string;
            /** @description Version of it. Windows only. */
            OsVersion?: string | null;
            /**
             * Format: int64
             * @description Bytes of its files, unpacked
             */
            Size?: number;
            /** @description Where the storage driver keeps its file system */
            GraphDriver?: components["schemas"]["DriverData"];
            /** @description Its layers */
            RootFS?: components["schemas"]["ImageRootFS"];
            /** @description What this engine knows beyond the image itself. Since v1.31. */
            Metadata?: components["schemas"]["ImageMetadata"];
        };
        /** @description What a list tells of an image. */
        ImageSummary: {
            /** @description Digest of its configuration, or of its index or manifest with image stores that keep those */
            Id: string;
            /** @description Image it was built on by the classic builder here; else empty. */
            ParentId: string;
            /** @description Names with tag. A nameless image has none, before v1.43 `<none>:<none>`. */
            RepoTags: string[];
            /** @description Names with digest */
            RepoDigests: string[];
            /** @description When it was made, in seconds since 1970 */
            Created: number;
            /**
             * Format: int64
             * @description Bytes of its files, unpacked
             */
            Size: number;
            /**
             * Format: int64
             * @description Bytes of layers that other images use too; -1 unless asked for.
             */
            SharedSize: number;
            /** @description Its labels */
            Labels: {
                [key: string]: string;
            };
            /** @description Containers made of it; -1 where they are not counted. */
            Containers: number;
            /** @description Its manifests, when asked for and with image stores that keep them. Since v1.47. */
            Manifests?: components["schemas"]["ImageManifestSummary"][];
            /** @description Index or manifest the image stands for, with image stores that keep it. Since v1.48. */
            Descriptor?: components["schemas"]["OCIDescriptor"] | null;
        };
        /** @description What an image says about containers made of it. The fields mean what they mean in a container's configuration. */
        ImageConfig: {
            /** @description User the command runs as */
            User?: string;
            /** @description Ports it listens on, as keys; the values are empty objects. */
            ExposedPorts?: {
                [key: string]: Record<string, never>;
            } | null;
            /** @description Environment as `NAME=value` */
            Env?: string[] | null;
            /** @description Command, or arguments of `Entrypoint` */
            Cmd?: string[] | null;
            /** @description How to find out whether it works */
            Healthcheck?: components["schemas"]["HealthConfig"];
            /** @description The command line is escaped already. Windows only. */
            ArgsEscaped?: boolean | null;
            /** @description Paths at which nameless volumes are mounted, as keys; the values are empty objects. */
            Volumes?: {
                [key: string]: Record<string, never>;
            } | null;
            /** @description Directory the command starts in */
            WorkingDir?: string;
            /** @description What to run */
            Entrypoint?: string[] | null;
            /** @description Instructions for builds based on it */
            OnBuild?: string[] | null;
            /** @description Names and values of any kind */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Signal that asks it to end */
            StopSignal?: string | null;
            /** @description Shell for the shell form of Dockerfile instructions */
            Shell?: string[] | null;
        };
        ImageRootFS: {
            /** @description `layers` */
            Type: string;
            /** @description Digests of the unpacked layers, lowest first */
            Layers?: string[] | null;
        };
        ImageMetadata: {
            /**
             * Format: date-time
             * @description When it was named here last; the zero time if never.
             */
            LastTagTime?: string | null;
        };
        /** @description One manifest of an image. */
        ImageManifestSummary: {
            /** @description Digest of the manifest */
            ID: string;
            /** @description The manifest */
            Descriptor: components["schemas"]["OCIDescriptor"];
            /** @description Everything it refers to is here. */
            Available: boolean;
            /** @description What it takes on disk */
            Size: {
                /**
                 * Format: int64
                 * @description Bytes in all, unpacked files included
                 */
                Total: number;
                /**
                 * Format: int64
                 * @description Bytes of its blobs as they came
                 */
                Content: number;
            };
            /**
             * @description What it describes
             * @enum {string}
             */
            Kind: "image" | "attestation" | "unknown";
            /** @description Of the kind `image` */
            ImageData?: components["schemas"]["ImageManifestImageData"];
            /** @description Of the kind `attestation` */
            AttestationData?: components["schemas"]["ImageManifestAttestationData"];
        };
        ImageManifestImageData: {
            /** @description Platform it is for, as the image's configuration says */
            Platform: components["schemas"]["OCIPlatform"];
            /** @description Ids of containers made of it */
            Containers: string[] | null;
            /** @description What its files take */
            Size: {
                /**
                 * Format: int64
                 * @description Bytes of its files; 0 if not unpacked.
                 */
                Unpacked: number;
            };
        } | null;
        ImageManifestAttestationData: {
            /** @description Digest of the manifest it is about */
            For: string;
        } | null;
        /** @description A step in the making of an image. */
        ImageHistoryResponseItem: {
            /** @description Image after this step; `<missing>` where none was kept. */
            Id: string;
            /**
             * Format: int64
             * @description When it was made, in seconds since 1970
             */
            Created: number;
            /** @description What made it */
            CreatedBy: string;
            /** @description Names with tag of the image after this step; null if it has none. */
            Tags: string[] | null;
            /**
             * Format: int64
             * @description Bytes of files it added or changed
             */
            Size: number;
            /** @description Remark */
            Comment: string;
        };
        /** @description One of both fields is set. */
        ImageDeleteResponseItem: {
            /** @description Name that was removed */
            Untagged?: string;
            /** @description Digest of what was removed */
            Deleted?: string;
        };
        ImageSearchResponseItem: {
            /** @description What its owner says about it */
            description?: string;
            /** @description One of the registry's own selection */
            is_official?: boolean;
            /** @description Always false; the registry no longer knows the notion. */
            is_automated?: boolean;
            /** @description Name of the repository */
            name?: string;
            /** @description How many users marked it */
            star_count?: number;
        };
        ImagePruneResponse: {
            /** @description What was unnamed and removed; null if nothing was. */
            ImagesDeleted?: components["schemas"]["ImageDeleteResponseItem"][] | null;
            /**
             * Format: int64
             * @description Bytes freed
             */
            SpaceReclaimed?: number;
        };
        /** @description What refers to a blob, as the OCI image specification has it. */
        OCIDescriptor: {
            /** @description Kind of content */
            mediaType?: string;
            /** @description Digest of the content */
            digest?: string;
            /**
             * Format: int64
             * @description Its length in bytes
             */
            size?: number;
            /** @description Where else to get it */
            urls?: string[] | null;
            /** @description Remarks by name */
            annotations?: {
                [key: string]: string;
            } | null;
            /** @description The content itself in base64, if it is small */
            data?: string | null;
            /** @description Platform it is for */
            platform?: components["schemas"]["OCIPlatform"];
            /** @description Kind of artifact, for manifests that are no image. Since v1.48. */
            artifactType?: string | null;
        };
        OCIPlatform: {
            /** @description Processor, by its name in Go */
            architecture?: string;
            /** @description Operating system, by its name in Go */
            os?: string;
            /** @description Version of it. Windows only. */
            "os.version"?: string;
            /** @description Features it must have. Windows only. */
            "os.features"?: string[] | null;
            /** @description Kind of the processor, such as `v7` */
            variant?: string;
        } | null;
        DistributionInspect: {
            /** @description What the name stands for in the registry */
            Descriptor: components["schemas"]["OCIDescriptor"];
            /** @description Platforms it is offered for */
            Platforms: components["schemas"]["OCIPlatform"][] | null;
        };
        /** @description A mount in long form. */
        Mount: {
            /** @description Absolute path in the container */
            Target?: string;
            /** @description Name of a volume or image, or path on the host; empty for a nameless volume and for memory. */
            Source?: string;
            /** @description What is mounted */
            Type?: components["schemas"]["MountType"];
            /** @description Mount it read-only. */
            ReadOnly?: boolean;
            /** @description Wanted consistency of the view, `default`, `consistent`, `cached` or `delegated`. Of no effect on Linux. Since v1.29. */
            Consistency?: string;
            /** @description Options for the type `bind` */
            BindOptions?: components["schemas"]["MountBindOptions"];
            /** @description Options for the type `volume` */
            VolumeOptions?: components["schemas"]["MountVolumeOptions"];
            /** @description Options for the type `image`. Since v1.48. */
            ImageOptions?: components["schemas"]["MountImageOptions"];
            /** @description Options for the type `tmpfs` */
            TmpfsOptions?: components["schemas"]["MountTmpfsOptions"];
        };
        /**
         * @description `bind` is a path of the host, `volume` a volume, `tmpfs` memory, `image` the file system of an image, `cluster` a swarm's cluster volume, `npipe` a named pipe (Windows).
         * @enum {string}
         */
        MountType: "bind" | "cluster" | "image" | "npipe" | "tmpfs" | "volume";
        /** @description A mount as the container has it. */
        MountPoint: {
            /** @description What is mounted */
            Type?: components["schemas"]["MountType"];
            /** @description Name of the volume; absent for other types. */
            Name?: string;
            /** @description Where the data are on the host; empty for memory. */
            Source?: string;
            /** @description Path in the container */
            Destination?: string;
            /** @description Driver of the volume */
            Driver?: string;
            /** @description Options as they were given, in `Binds` form */
            Mode?: string;
            /** @description Whether it may be written */
            RW?: boolean;
            /** @description How later mounts below it become visible on the other side; empty for volumes on some drivers. */
            Propagation?: string;
        };
        MountBindOptions: {
            /**
             * @description How later mounts below it become visible on the other side
             * @enum {string}
             */
            Propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave";
            /** @description Leave out what is mounted below the source. Since v1.40. */
            NonRecursive?: boolean;
            /** @description Make the source directory on the host if it is missing. Since v1.42. */
            CreateMountpoint?: boolean;
            /** @description Read-only for the mount itself, not for those below it. Since v1.44. */
            ReadOnlyNonRecursive?: boolean;
            /** @description Fail if the mounts below it cannot be made read-only. Since v1.44. */
            ReadOnlyForceRecursive?: boolean;
        };
        MountVolumeOptions: {
            /** @description Do not fill a new volume with what the image has at the target. */
            NoCopy?: boolean;
            /** @description Labels of a volume made for this mount */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Driver of a volume made for this mount */
            DriverConfig?: {
                /** @description Name of the driver */
                Name?: string;
                /** @description Options of the driver */
                Options?: {
                    [key: string]: string;
                } | null;
            };
            /** @description Directory in the volume to mount instead of its root; it must exist. Since v1.45. */
            Subpath?: string;
        };
        MountImageOptions: {
            /** @description Directory in the image to mount instead of its root */
            Subpath?: string;
        };
        MountTmpfsOptions: {
            /**
             * Format: int64
             * @description Limit of its size in bytes; 0 is none.
             */
            SizeBytes?: number;
            /** @description Permissions of its root directory, as a number (448 is octal 0700) */
            Mode?: number;
            /** @description Further options: each a flag, or a name and a value. Since v1.46. */
            Options?: (string[] | null)[] | null;
        };
        /** @description A network. */
        Network: {
            /** @description Name; not necessarily the only one of that name. */
            Name?: string;
            /** @description Id, 64 hexadecimal digits; shorter for networks of a swarm. */
            Id?: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            Created?: string;
            /** @description `local` for this machine, `swarm` for all of a swarm, `global` for others */
            Scope?: string;
            /** @description Its driver */
            Driver?: string;
            /** @description Containers get IPv4 addresses. Since v1.47. */
            EnableIPv4?: boolean;
            /** @description Containers get IPv6 addresses. */
            EnableIPv6?: boolean;
            /** @description Its subnets */
            IPAM?: components["schemas"]["IPAM"];
            /** @description No way out to other networks */
            Internal?: boolean;
            /** @description Of a swarm, but single containers may join. */
            Attachable?: boolean;
            /** @description Provides a swarm's routing mesh. Since v1.29. */
            Ingress?: boolean;
            /** @description Network its settings come from */
            ConfigFrom?: components["schemas"]["ConfigReference"];
            /** @description Only a set of settings for others */
            ConfigOnly?: boolean;
            /** @description Running containers by id, keys `ep-<endpoint id>` for others; only when inspected. */
            Containers?: {
                [key: string]: components["schemas"]["NetworkContainer"];
            } | null;
            /** @description Options of its driver */
            Options?: {
                [key: string]: string;
            } | null;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Swarm nodes that take part; only when inspected. */
            Peers?: components["schemas"]["PeerInfo"][] | null;
        };
        ConfigReference: {
            /** @description Name of the network; empty if there is none. */
            Network?: string;
        };
        /** @description Where a network's addresses come from. */
        IPAM: {
            /** @description Address driver; `default` is the built-in one. */
            Driver?: string;
            /** @description Its subnets; the engine chooses if there are none. */
            Config?: components["schemas"]["IPAMConfig"][] | null;
            /** @description Options of the address driver */
            Options?: {
                [key: string]: string;
            } | null;
        };
        IPAMConfig: {
            /** @description Subnet, such as `172.28.0.0/16` */
            Subnet?: string;
            /** @description Part of the subnet from which to give addresses to containers */
            IPRange?: string;
            /** @description Gateway's address; the engine chooses if empty. */
            Gateway?: string;
            /** @description Addresses the driver uses, by name; containers do not get them. */
            AuxiliaryAddresses?: {
                [key: string]: string;
            } | null;
        };
        NetworkContainer: {
            /** @description Name of the container */
            Name?: string;
            /** @description Id of the endpoint */
            EndpointID?: string;
            /** @description Hardware address */
            MacAddress?: string;
            /** @description IPv4 address with prefix length */
            IPv4Address?: string;
            /** @description IPv6 address with prefix length; empty if none. */
            IPv6Address?: string;
        };
        PeerInfo: {
            /** @description Id of the peer */
            Name?: string;
            /** @description Address of the peer */
            IP?: string;
        };
        /** @description A network to make. */
        NetworkCreateRequest: {
            /** @description Its name; practically anything goes. */
            Name?: string;
            /** @description Its driver; `bridge` if empty. */
            Driver?: string;
            /** @description `local` or `swarm`; the driver's own if empty. */
            Scope?: string;
            /** @description No way out to other networks */
            Internal?: boolean;
            /** @description Of a swarm, but single containers may join. */
            Attachable?: boolean;
            /** @description Provides a swarm's routing mesh; there can be one. Since v1.29. */
            Ingress?: boolean;
            /** @description Only a set of settings for others */
            ConfigOnly?: boolean;
            /** @description Network to take the settings from */
            ConfigFrom?: components["schemas"]["ConfigReference"];
            /** @description Its subnets */
            IPAM?: components["schemas"]["IPAM"];
            /** @description Containers get IPv4 addresses; null means they do. Since v1.47. */
            EnableIPv4?: boolean | null;
            /** @description Containers get IPv6 addresses; null is the engine's default. */
            EnableIPv6?: boolean | null;
            /** @description Options of its driver */
            Options?: {
                [key: string]: string;
            } | null;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
        };
        NetworkCreateResponse: {
            /** @description Id of the new network */
            Id: string;
            /** @description What was not as it should be; empty if nothing. */
            Warning: string;
        };
        NetworkConnectRequest: {
            /** @description Id or name of the container */
            Container?: string;
            /** @description Settings of the endpoint */
            EndpointConfig?: components["schemas"]["EndpointSettings"];
        };
        NetworkDisconnectRequest: {
            /** @description Id or name of the container */
            Container?: string;
            /** @description Detach though the container or its endpoint is in disorder. */
            Force?: boolean;
        };
        NetworkPruneResponse: {
            /** @description Names of what was removed; null if nothing was. */
            NetworksDeleted?: string[] | null;
        };
        /** @description Settings of a node. */
        NodeSpec: {
            /** @description Name to give it */
            Name?: string;
            /** @description Its labels in the swarm */
            Labels?: {
                [key: string]: string;
            } | null;
            /**
             * @description Its role
             * @enum {string}
             */
            Role?: "worker" | "manager";
            /**
             * @description Whether tasks may run on it: `active`; `pause`, no new ones; `drain`, none.
             * @enum {string}
             */
            Availability?: "active" | "pause" | "drain";
        };
        Node: {
            /** @description Its id */
            ID?: string;
            /** @description Version, for changes */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it joined
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description Its settings */
            Spec?: components["schemas"]["NodeSpec"];
            /** @description What it is */
            Description?: components["schemas"]["NodeDescription"];
            /** @description How it is */
            Status?: components["schemas"]["NodeStatus"];
            /** @description How it is as a manager; absent for workers. */
            ManagerStatus?: components["schemas"]["ManagerStatus"];
        };
        NodeDescription: {
            /** @description Its host name */
            Hostname?: string;
            /** @description Its platform */
            Platform?: components["schemas"]["Platform"];
            /** @description What it has to offer */
            Resources?: components["schemas"]["ResourceObject"];
            /** @description Its engine */
            Engine?: components["schemas"]["EngineDescription"];
            /** @description Root certificate it trusts. Since v1.30. */
            TLSInfo?: components["schemas"]["TLSInfo"];
        };
        Platform: {
            /** @description Processor, such as `x86_64` */
            Architecture?: string;
            /** @description Operating system, such as `linux` */
            OS?: string;
        };
        EngineDescription: {
            /** @description Its version */
            EngineVersion?: string;
            /** @description Labels of its own configuration */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Its drivers and plugins */
            Plugins?: {
                /** @description Kind of driver */
                Type?: string;
                /** @description Its name */
                Name?: string;
            }[] | null;
        };
        NodeStatus: {
            /** @description Whether it is reachable */
            State?: components["schemas"]["NodeState"];
            /** @description Remark on that */
            Message?: string;
            /** @description Its address */
            Addr?: string;
        };
        /**
         * @description Whether the managers hear from the node.
         * @enum {string}
         */
        NodeState: "unknown" | "down" | "ready" | "disconnected";
        ManagerStatus: {
            /** @description It leads the managers. */
            Leader?: boolean;
            /** @description Whether the other managers reach it */
            Reachability?: components["schemas"]["Reachability"];
            /** @description Address and port it serves at */
            Addr?: string;
        } | null;
        /**
         * @description Whether a manager is reached by the others.
         * @enum {string}
         */
        Reachability: "unknown" | "unreachable" | "reachable";
        /** @description Processors, memory and other things to be had. */
        ResourceObject: {
            /**
             * Format: int64
             * @description Processor time as billionths of a processor. Since v1.28.
             */
            NanoCPUs?: number;
            /**
             * Format: int64
             * @description Memory in bytes
             */
            MemoryBytes?: number;
            /** @description Other resources */
            GenericResources?: components["schemas"]["GenericResources"];
        };
        /** @description Resources that only their users understand; each is a named piece or a number of them. */
        GenericResources: {
            /** @description One named piece */
            NamedResourceSpec?: {
                /** @description Kind of resource */
                Kind?: string;
                /** @description Its name */
                Value?: string;
            };
            /** @description A number of them */
            DiscreteResourceSpec?: {
                /** @description Kind of resource */
                Kind?: string;
                /**
                 * Format: int64
                 * @description How many
                 */
                Value?: number;
            };
        }[] | null;
        /** @description A plugin managed by the engine. */
        Plugin: {
            /** @description Its id */
            Id?: string;
            /** @description Its name with tag */
            Name: string;
            /** @description It runs and can be used. */
            Enabled: boolean;
            /** @description What can be changed, as it is set */
            Settings: components["schemas"]["PluginSettings"];
            /** @description What it was installed from */
            PluginReference?: string;
            /** @description What it brought along */
            Config: components["schemas"]["PluginConfig"];
        };
        PluginSettings: {
            /** @description Its mounts */
            Mounts: components["schemas"]["PluginMount"][] | null;
            /** @description Its environment as `NAME=value` */
            Env: string[] | null;
            /** @description Its arguments */
            Args: string[] | null;
            /** @description Its devices */
            Devices: components["schemas"]["PluginDevice"][] | null;
        };
        PluginConfig: {
            /** @description Engine it was made with */
            DockerVersion?: string;
            /** @description What it is for */
            Description: string;
            /** @description Where to read about it */
            Documentation: string;
            /** @description How the engine talks to it */
            Interface: {
                /** @description What it can do, as `prefix.capability/version` */
                Types: components["schemas"]["PluginInterfaceType"][] | null;
                /** @description Name of its socket below `/run/docker/plugins` */
                Socket: string;
                /**
                 * @description Protocol on the socket; empty is the usual one.
                 * @enum {string}
                 */
                ProtocolScheme?: "" | "moby.plugins.http/v1";
            };
            /** @description Program and arguments */
            Entrypoint: string[] | null;
            /** @description Directory it starts in */
            WorkDir: string;
            /** @description User it runs as */
            User?: {
                /**
                 * Format: uint32
                 * @description User's number
                 */
                UID?: number;
                /**
                 * Format: uint32
                 * @description Group's number
                 */
                GID?: number;
            };
            /** @description Its network */
            Network: {
                /** @description `bridge`, `host` or `none` */
                Type: string;
            };
            /** @description What it asks of Linux */
            Linux: {
                /** @description Capabilities beyond the usual ones */
                Capabilities: string[] | null;
                /** @description Access to all devices */
                AllowAllDevices: boolean;
                /** @description Devices it needs */
                Devices: components["schemas"]["PluginDevice"][] | null;
            };
            /** @description Path whose mounts shall be visible on the host */
            PropagatedMount: string;
            /** @description In the host's IPC namespace */
            IpcHost: boolean;
            /** @description In the host's PID namespace */
            PidHost: boolean;
            /** @description Mounts it needs */
            Mounts: components["schemas"]["PluginMount"][] | null;
            /** @description Variables it knows */
            Env: components["schemas"]["PluginEnv"][] | null;
            /** @description Arguments it takes */
            Args: {
                /** @description Name of the list of arguments */
                Name: string;
                /** @description What it is for */
                Description: string;
                /** @description What may be changed: `value` or nothing */
                Settable: string[] | null;
                /** @description The arguments */
                Value: string[] | null;
            };
            /** @description Its file system */
            rootfs?: {
                /** @description `layers` */
                type?: string;
                /** @description Digests of the unpacked layers, lowest first */
                diff_ids?: string[] | null;
            };
        };
        PluginMount: {
            /** @description Name of the mount, for settings */
            Name: string;
            /** @description What it is for */
            Description: string;
            /** @description What may be changed: `source`, `destination`, `options` */
            Settable: string[] | null;
            /** @description Path on the host; null must be set before it is enabled. */
            Source: string;
            /** @description Path in the plugin */
            Destination: string;
            /** @description Kind of mount, such as `bind` */
            Type: string;
            /** @description Options as for mount(8) */
            Options: string[] | null;
        };
        PluginDevice: {
            /** @description Name of the device, for settings */
            Name: string;
            /** @description What it is for */
            Description: string;
            /** @description What may be changed: `path` or nothing */
            Settable: string[] | null;
            /** @description Device file on the host */
            Path: string;
        };
        PluginEnv: {
            /** @description Name of the variable */
            Name: string;
            /** @description What it is for */
            Description: string;
            /** @description What may be changed: `value` or nothing */
            Settable: string[] | null;
            /** @description The value; null leaves it unset. */
            Value: string;
        };
        PluginInterfaceType: {
            /** @description Whose definition it is, `docker` */
            Prefix: string;
            /** @description What it can do, such as `volumedriver` */
            Capability: string;
            /** @description Version of the interface */
            Version: string;
        };
        /** @description Something a plugin asks to be allowed. */
        PluginPrivilege: {
            /** @description Kind of privilege, such as `network`, `mount`, `device`, `capabilities` */
            Name?: string;
            /** @description What it means */
            Description?: string;
            /** @description What exactly is asked for */
            Value?: string[] | null;
        };
        /** @description One piece of a build's output. */
        BuildInfo: {
            /** @description What a status is about */
            id?: string;
            /** @description Text for the user */
            stream?: string;
            /** @description Why the build failed */
            error?: string | null;
            /** @description The same, with the exit code of the failed step */
            errorDetail?: components["schemas"]["ErrorDetail"];
            /** @description What is being done */
            status?: string;
            /** @description How far it is, as a bar for a terminal */
            progress?: string | null;
            /** @description How far it is, in numbers */
            progressDetail?: components["schemas"]["ProgressDetail"];
            /** @description The id of the result */
            aux?: components["schemas"]["ImageID"];
        };
        /** @description One piece of a pull's, import's or load's output. */
        CreateImageInfo: {
            /** @description Layer or tag the status is about */
            id?: string;
            /** @description Why it failed */
            error?: string | null;
            /** @description The same as an object */
            errorDetail?: components["schemas"]["ErrorDetail"];
            /** @description What is being done */
            status?: string;
            /** @description How far it is, as a bar for a terminal */
            progress?: string | null;
            /** @description How far it is, in numbers */
            progressDetail?: components["schemas"]["ProgressDetail"];
        };
        /** @description One piece of a push's output. It may also have `id` and, at the end, `aux` with tag, digest and size. */
        PushImageInfo: {
            /** @description Why it failed */
            error?: string | null;
            /** @description The same as an object */
            errorDetail?: components["schemas"]["ErrorDetail"];
            /** @description What is being done */
            status?: string;
            /** @description How far it is, as a bar for a terminal */
            progress?: string | null;
            /** @description How far it is, in numbers */
            progressDetail?: components["schemas"]["ProgressDetail"];
        };
        ErrorDetail: {
            /** @description Exit code or status; absent if there is none. */
            code?: number;
            /** @description The error */
            message?: string;
        };
        ProgressDetail: {
            /** @description Bytes done */
            current?: number;
            /** @description Bytes in all; 0 or absent if unknown. */
            total?: number;
        };
        ImageID: {
            /** @description Id of the image */
            ID?: string;
        };
        Driver: {
            /** @description Name of the driver */
            Name?: string;
            /** @description Options of the driver */
            Options?: {
                [key: string]: string;
            } | null;
        };
        SecretSpec: {
            /** @description Its name */
            Name?: string;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description The data in base64, up to 500 KiB; never in answers. Empty with a driver. */
            Data?: string;
            /** @description Driver that fetches the data. Since v1.31. */
            Driver?: components["schemas"]["Driver"];
            /** @description Driver that fills in templates; null for none. Since v1.37. */
            Templating?: components["schemas"]["Driver"];
        };
        Secret: {
            /** @description Its id */
            ID?: string;
            /** @description Version, for changes */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was made
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description What it is, without the data */
            Spec?: components["schemas"]["SecretSpec"];
        };
        /** @description What a service shall be. */
        ServiceSpec: {
            /** @description Its name */
            Name?: string;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description What its tasks run */
            TaskTemplate?: components["schemas"]["TaskSpec"];
            /** @description How many tasks it has, and where; one of the fields is set. */
            Mode?: components["schemas"]["ServiceMode"];
            /** @description How changes are carried out */
            UpdateConfig?: components["schemas"]["ServiceUpdateConfig"];
            /** @description How changes are taken back. Since v1.28. */
            RollbackConfig?: components["schemas"]["ServiceRollbackConfig"];
            /** @description Its networks. Before v1.44 the place for them; now the task template's list is preferred. */
            Networks?: components["schemas"]["NetworkAttachmentConfig"][] | null;
            /** @description How it can be reached */
            EndpointSpec?: components["schemas"]["EndpointSpec"];
        };
        ServiceMode: {
            /** @description A number of tasks anywhere */
            Replicated?: {
                /**
                 * Format: int64
                 * @description How many; null is 1.
                 */
                Replicas?: number | null;
            };
            /** @description A task on every suitable node */
            Global?: Record<string, never>;
            /** @description A number of tasks that run to their end. Since v1.41. */
            ReplicatedJob?: {
                /**
                 * Format: int64
                 * @description How many at once; null is 1.
                 */
                MaxConcurrent?: number;
                /**
                 * Format: int64
                 * @description How many in all; null is `MaxConcurrent`.
                 */
                TotalCompletions?: number;
            };
            /** @description A task on every suitable node that runs to its end. Since v1.41. */
            GlobalJob?: Record<string, never>;
        };
        ServiceUpdateConfig: {
            /**
             * Format: int64
             * @description Tasks to change at once; 0 is all.
             */
            Parallelism?: number;
            /**
             * Format: int64
             * @description Nanoseconds between one batch and the next
             */
            Delay?: number;
            /**
             * @description What to do when too many fail
             * @enum {string}
             */
            FailureAction?: "continue" | "pause" | "rollback";
            /**
             * Format: int64
             * @description Nanoseconds a changed task is watched for failure
             */
            Monitor?: number;
            /** @description Share of failures to bear, 0 to 1 */
            MaxFailureRatio?: number;
            /**
             * @description Whether the old task stops before the new one starts or after. Since v1.29.
             * @enum {string}
             */
            Order?: "stop-first" | "start-first";
        };
        ServiceRollbackConfig: {
            /**
             * Format: int64
             * @description Tasks to change at once; 0 is all.
             */
            Parallelism?: number;
            /**
             * Format: int64
             * @description Nanoseconds between one batch and the next
             */
            Delay?: number;
            /**
             * @description What to do when too many fail
             * @enum {string}
             */
            FailureAction?: "continue" | "pause";
            /**
             * Format: int64
             * @description Nanoseconds a changed task is watched for failure
             */
            Monitor?: number;
            /** @description Share of failures to bear, 0 to 1 */
            MaxFailureRatio?: number;
            /**
             * @description Whether the old task stops before the new one starts or after. Since v1.29.
             * @enum {string}
             */
            Order?: "stop-first" | "start-first";
        };
        EndpointPortConfig: {
            /** @description Its name */
            Name?: string;
            /**
             * @description Protocol
             * @enum {string}
             */
            Protocol?: "tcp" | "udp" | "sctp";
            /** @description Port in the tasks */
            TargetPort?: number;
            /** @description Port on the nodes; 0 or absent lets the swarm choose. */
            PublishedPort?: number;
            /**
             * @description `ingress` on every node through the routing mesh; `host` only on the nodes where a task runs. Since v1.34.
             * @enum {string}
             */
            PublishMode?: "ingress" | "host";
        };
        EndpointSpec: {
            /**
             * @description How its name resolves: `vip` to one virtual address, `dnsrr` to those of the tasks in turn
             * @enum {string}
             */
            Mode?: "vip" | "dnsrr";
            /** @description Ports to publish; not with `dnsrr` and `ingress`. */
            Ports?: components["schemas"]["EndpointPortConfig"][] | null;
        };
        Service: {
            /** @description Its id */
            ID?: string;
            /** @description Version, for changes */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was made
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description What it shall be */
            Spec?: components["schemas"]["ServiceSpec"];
            /** @description How it can be reached */
            Endpoint?: components["schemas"]["ServiceEndpoint"];
            /** @description How its last change went */
            UpdateStatus?: components["schemas"]["ServiceUpdateStatus"];
            /** @description How many tasks run; only when asked for. Since v1.41. */
            ServiceStatus?: components["schemas"]["ServiceStatus"];
            /** @description How its job goes; only of jobs. Since v1.41. */
            JobStatus?: components["schemas"]["ServiceJobStatus"];
        };
        ServiceEndpoint: {
            /** @description What was asked for */
            Spec?: components["schemas"]["EndpointSpec"];
            /** @description Published ports */
            Ports?: components["schemas"]["EndpointPortConfig"][] | null;
            /** @description Its virtual addresses */
            VirtualIPs?: {
                /** @description Id of the network */
                NetworkID?: string;
                /** @description Address with prefix length */
                Addr?: string;
            }[] | null;
        };
        ServiceUpdateStatus: {
            /**
             * @description How far it is
             * @enum {string}
             */
            State?: "updating" | "paused" | "completed";
            /**
             * Format: date-time
             * @description When it began
             */
            StartedAt?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            CompletedAt?: string;
            /** @description Remark */
            Message?: string;
        };
        ServiceStatus: {
            /**
             * Format: uint64
             * @description Tasks that run
             */
            RunningTasks?: number;
            /**
             * Format: uint64
             * @description Tasks that shall run
             */
            DesiredTasks?: number;
            /**
             * Format: uint64
             * @description Tasks that have done their work; only of jobs.
             */
            CompletedTasks?: number;
        };
        ServiceJobStatus: {
            /** @description Counts its runs. */
            JobIteration?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was last set going
             */
            LastExecution?: string;
        };
        ServiceCreateResponse: {
            /** @description Id of the new service */
            ID?: string;
            /** @description What was not as it should be, such as an image that could not be looked up. Since v1.44. */
            Warnings?: string[] | null;
        };
        ServiceUpdateResponse: {
            /** @description What was not as it should be, such as an image that could not be looked up. Since v1.28. */
            Warnings?: string[] | null;
        };
        /** @description Settings of a whole swarm. */
        SwarmSpec: {
            /** @description Name of the swarm, `default` */
            Name?: string;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Settings of orchestration */
            Orchestration?: components["schemas"]["SwarmOrchestrationSpec"];
            /** @description Settings of the managers' consensus */
            Raft?: components["schemas"]["SwarmRaftSpec"];
            /** @description Settings of the work's distribution */
            Dispatcher?: components["schemas"]["SwarmDispatcherSpec"];
            /** @description Settings of its certificates */
            CAConfig?: components["schemas"]["SwarmCAConfig"];
            /** @description Settings of encryption on the managers' disks */
            EncryptionConfig?: components["schemas"]["SwarmEncryptionConfig"];
            /** @description Defaults for tasks */
            TaskDefaults?: components["schemas"]["SwarmTaskDefaults"];
        };
        SwarmOrchestrationSpec: {
            /**
             * Format: int64
             * @description Ended tasks to remember for each place; -1 is without limit, default 5.
             */
            TaskHistoryRetentionLimit?: number;
        } | null;
        SwarmRaftSpec: {
            /**
             * Format: uint64
             * @description Log entries between two snapshots
             */
            SnapshotInterval?: number;
            /**
             * Format: uint64
             * @description Snapshots to keep besides the newest
             */
            KeepOldSnapshots?: number;
            /**
             * Format: uint64
             * @description Log entries to keep after a snapshot for managers that lag behind
             */
            LogEntriesForSlowFollowers?: number;
            /** @description Seconds without a leader's sign before an election; must be more than `HeartbeatTick`, by ten times best. */
            ElectionTick?: number;
            /** @description Seconds between a leader's signs */
            HeartbeatTick?: number;
        };
        SwarmDispatcherSpec: {
            /**
             * Format: int64
             * @description Nanoseconds between a worker's signs
             */
            HeartbeatPeriod?: number;
        } | null;
        SwarmCAConfig: {
            /**
             * Format: int64
             * @description Nanoseconds a node's certificate is valid
             */
            NodeCertExpiry?: number;
            /** @description Certificate authorities outside the swarm */
            ExternalCAs?: {
                /**
                 * @description How to talk to it
                 * @enum {string}
                 */
                Protocol?: "cfssl";
                /** @description Where it is */
                URL?: string;
                /** @description Options for it */
                Options?: {
                    [key: string]: string;
                } | null;
                /** @description Its root certificate in PEM; the swarm's own if empty. Since v1.30. */
                CACert?: string;
            }[] | null;
            /** @description Root certificate to sign with, in PEM; never in answers. Since v1.30. */
            SigningCACert?: string;
            /** @description Its key, in PEM; never in answers. Since v1.30. */
            SigningCAKey?: string;
            /**
             * Format: uint64
             * @description A higher number makes the swarm take a new root certificate. Since v1.30.
             */
            ForceRotate?: number;
        } | null;
        SwarmEncryptionConfig: {
            /** @description Managers need the unlock key after a restart. */
            AutoLockManagers?: boolean;
        };
        SwarmTaskDefaults: {
            /** @description Log driver of tasks that name none; without it each node's own default. */
            LogDriver?: {
                /** @description Name of the driver */
                Name?: string;
                /** @description Options of the driver */
                Options?: {
                    [key: string]: string;
                } | null;
            };
        };
        /** @description A swarm, without what lets one join. */
        ClusterInfo: {
            /** @description Its id */
            ID?: string;
            /** @description Version, for changes */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was founded
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description Its settings */
            Spec?: components["schemas"]["SwarmSpec"];
            /** @description Its root certificate. Since v1.30. */
            TLSInfo?: components["schemas"]["TLSInfo"];
            /** @description A new root certificate is being introduced. Since v1.30. */
            RootRotationInProgress?: boolean;
            /**
             * Format: uint32
             * @description UDP port of overlay networks; 0 is the default, 4789. Since v1.40.
             */
            DataPathPort?: number;
            /** @description Subnets from which to take those of its networks. Since v1.39. */
            DefaultAddrPool?: string[] | null;
            /**
             * Format: uint32
             * @description Prefix length of the subnets taken from it. Since v1.39.
             */
            SubnetSize?: number;
        } | null;
        /** @description What lets a node join; a secret. */
        JoinTokens: {
            /** @description Token for joining as a worker */
            Worker?: string;
            /** @description Token for joining as a manager */
            Manager?: string;
        };
        Swarm: components["schemas"]["ClusterInfo"] & {
            /** @description Tokens for joining */
            JoinTokens?: components["schemas"]["JoinTokens"];
        };
        SwarmInitRequest: {
            /** @description Address and port to listen on for other managers, as `0.0.0.0:2377` or `eth0:2377` */
            ListenAddr?: string;
            /** @description Address at which others reach this node; must be given if the machine has several. */
            AdvertiseAddr?: string;
            /** @description Address or interface for the traffic of overlay networks; `AdvertiseAddr` if empty. Since v1.30. */
            DataPathAddr?: string;
            /**
             * Format: uint32
             * @description UDP port of overlay networks, 1024 to 49151; 0 is the default, 4789. Since v1.40.
             */
            DataPathPort?: number;
            /** @description Subnets from which to take those of its networks. Since v1.39. */
            DefaultAddrPool?: string[] | null;
            /** @description Found it anew from this manager's data, after its majority was lost. */
            ForceNewCluster?: boolean;
            /**
             * Format: uint32
             * @description Prefix length of the subnets taken from the pool; default 24. Since v1.39.
             */
            SubnetSize?: number;
            /** @description Its settings */
            Spec?: components["schemas"]["SwarmSpec"];
        };
        SwarmJoinRequest: {
            /** @description Address and port to listen on for other managers, should this node become one */
            ListenAddr?: string;
            /** @description Address at which others reach this node; must be given if the machine has several. */
            AdvertiseAddr?: string;
            /** @description Address or interface for the traffic of overlay networks; `AdvertiseAddr` if empty. Since v1.30. */
            DataPathAddr?: string;
            /** @description Addresses of managers */
            RemoteAddrs?: string[] | null;
            /** @description The token, which also decides the role */
            JoinToken?: string;
        };
        SwarmUnlockRequest: {
            /** @description The key */
            UnlockKey?: string;
        };
        SwarmUnlockKeyResponse: {
            /** @description The key; empty if managers are not locked. */
            UnlockKey?: string;
        };
        TLSInfo: {
            /** @description Root certificates that are trusted, in PEM */
            TrustRoot?: string;
            /** @description Subject of the issuing certificate, as base64 of DER */
            CertIssuerSubject?: string;
            /** @description Public key of the issuing certificate, as base64 of DER */
            CertIssuerPublicKey?: string;
        };
        /** @description Counts the changes of an object in a swarm. A change must name the version it is based on. */
        ObjectVersion: {
            /**
             * Format: uint64
             * @description The count
             */
            Index?: number;
        };
        /** @description The engine, its settings and its machine. */
        SystemInfo: {
            /** @description Id of the engine, kept over restarts */
            ID?: string;
            /** @description Containers in all */
            Containers?: number;
            /** @description Containers that run */
            ContainersRunning?: number;
            /** @description Containers that are paused */
            ContainersPaused?: number;
            /** @description Containers that do not run */
            ContainersStopped?: number;
            /** @description Images */
            Images?: number;
            /** @description Storage driver */
            Driver?: string;
            /** @description What it tells of itself: pairs of name and value */
            DriverStatus?: (string[] | null)[] | null;
            /** @description Directory of its data */
            DockerRootDir?: string;
            /** @description Drivers that can be named in requests */
            Plugins?: components["schemas"]["PluginsInfo"];
            /** @description The machine can limit memory. */
            MemoryLimit?: boolean;
            /** @description The machine can limit swap. */
            SwapLimit?: boolean;
            /** @description The machine can limit TCP buffers; absent with cgroup v2. Since v1.40. */
            KernelMemoryTCP?: boolean;
            /** @description The machine can set the scheduling period. */
            CpuCfsPeriod?: boolean;
            /** @description The machine can limit processor time. */
            CpuCfsQuota?: boolean;
            /** @description The machine can weigh processor time. */
            CPUShares?: boolean;
            /** @description The machine can select processors. */
            CPUSet?: boolean;
            /** @description The machine can limit processes. Since v1.40. */
            PidsLimit?: boolean;
            /** @description The machine can do without killing when memory runs out. */
            OomKillDisable?: boolean;
            /** @description The machine forwards IPv4. */
            IPv4Forwarding?: boolean;
            /** @description The engine writes debug messages. */
            Debug?: boolean;
            /** @description Its open file descriptors */
            NFd?: number;
            /** @description Its goroutines, or what comes near */
            NGoroutines?: number;
            /** @description The machine's time */
            SystemTime?: string;
            /** @description Default log driver */
            LoggingDriver?: string;
            /**
             * @description Who makes cgroups: the engine itself or systemd
             * @enum {string}
             */
            CgroupDriver?: "cgroupfs" | "systemd" | "none";
            /**
             * @description The machine's cgroup version. Since v1.41.
             * @enum {string}
             */
            CgroupVersion?: "1" | "2";
            /** @description Clients that follow events */
            NEventsListener?: number;
            /** @description The machine's kernel */
            KernelVersion?: string;
            /** @description The machine's operating system, for people */
            OperatingSystem?: string;
            /** @description Its version */
            OSVersion?: string;
            /** @description Its kind, such as `linux` */
            OSType?: string;
            /** @description The machine's processor, such as `x86_64` */
            Architecture?: string;
            /** @description Its processors */
            NCPU?: number;
            /**
             * Format: int64
             * @description Its memory in bytes
             */
            MemTotal?: number;
            /** @description Default registry's address */
            IndexServerAddress?: string;
            /** @description Settings for registries */
            RegistryConfig?: components["schemas"]["RegistryServiceConfig"];
            /** @description Other resources the engine offers a swarm; null if there are none. */
            GenericResources?: components["schemas"]["GenericResources"];
            /** @description HTTP proxy it uses; credentials are hidden. */
            HttpProxy?: string;
            /** @description HTTPS proxy it uses; credentials are hidden. */
            HttpsProxy?: string;
            /** @description Where it uses none, separated by commas */
            NoProxy?: string;
            /** @description The machine's host name */
            Name?: string;
            /** @description Labels of the engine as `name=value` */
            Labels?: string[] | null;
            /** @description Experimental features are on. */
            ExperimentalBuild?: boolean;
            /** @description The engine's version */
            ServerVersion?: string;
            /** @description OCI runtimes by name */
            Runtimes?: {
                [key: string]: components["schemas"]["Runtime"];
            } | null;
            /** @description Name of the one used by default */
            DefaultRuntime?: string;
            /** @description Its part in a swarm */
            Swarm?: components["schemas"]["SwarmInfo"];
            /** @description Containers keep running when the engine stops. */
            LiveRestoreEnabled?: boolean;
            /**
             * @description Default isolation. Windows only.
             * @enum {string}
             */
            Isolation?: "default" | "hyperv" | "process" | "";
            /** @description Program put in front of commands when an init is asked for */
            InitBinary?: string;
            /** @description Revision of containerd, or what does its work */
            ContainerdCommit?: components["schemas"]["Commit"];
            /** @description Revision of runc, or what does its work */
            RuncCommit?: components["schemas"]["Commit"];
            /** @description Revision of the init */
            InitCommit?: components["schemas"]["Commit"];
            /** @description Protections that are on, as `name=seccomp,profile=builtin` */
            SecurityOptions?: string[] | null;
            /** @description Licence remark of the product. Since v1.39. */
            ProductLicense?: string;
            /** @description Subnets from which to take those of networks; absent if not configured. Since v1.41. */
            DefaultAddressPools?: {
                /** @description The pool */
                Base?: string;
                /** @description Prefix length of the subnets taken from it */
                Size?: number;
            }[] | null;
            /** @description How it writes firewall rules. Since v1.49. */
            FirewallBackend?: components["schemas"]["FirewallInfo"];
            /** @description Devices found by device drivers. Since v1.50. */
            DiscoveredDevices?: components["schemas"]["DeviceInfo"][] | null;
            /** @description What is not as it should be; null or empty if nothing. Since v1.39. */
            Warnings?: string[] | null;
            /** @description Directories with CDI specifications. Since v1.44. */
            CDISpecDirs?: string[] | null;
            /** @description Where its containerd is; absent without one. Since v1.46. */
            Containerd?: components["schemas"]["ContainerdInfo"];
        };
        ContainerdInfo: {
            /** @description Its socket */
            Address?: string;
            /** @description Its namespaces in use here */
            Namespaces?: {
                /** @description For containers */
                Containers?: string;
                /** @description For plugins */
                Plugins?: string;
            };
        } | null;
        FirewallInfo: {
            /** @description `iptables`, `nftables`, or with firewalld in front `iptables+firewalld` */
            Driver?: string;
            /** @description Further facts: pairs of name and value */
            Info?: (string[] | null)[] | null;
        } | null;
        /** @description Names of drivers by kind. Plugins that are only found when asked for are missing. */
        PluginsInfo: {
            /** @description Volume drivers */
            Volume?: string[] | null;
            /** @description Network drivers */
            Network?: string[] | null;
            /** @description Authorization plugins; null if there are none. */
            Authorization?: string[] | null;
            /** @description Log drivers. Since v1.30. */
            Log?: string[] | null;
        };
        RegistryServiceConfig: {
            /** @description Networks whose registries need no valid certificate */
            InsecureRegistryCIDRs?: string[] | null;
            /** @description Settings by registry */
            IndexConfigs?: {
                [key: string]: components["schemas"]["IndexInfo"];
            } | null;
            /** @description Mirrors of the default registry; null if there are none. */
            Mirrors?: string[] | null;
        } | null;
        IndexInfo: {
            /** @description Name of the registry */
            Name?: string;
            /** @description Its mirrors */
            Mirrors?: string[] | null;
            /** @description Its certificate must be valid. */
            Secure?: boolean;
            /** @description It is the default registry. */
            Official?: boolean;
        } | null;
        /** @description An OCI runtime. */
        Runtime: {
            /** @description Its program; a name is looked up in PATH. */
            path?: string;
            /** @description Arguments it always gets */
            runtimeArgs?: string[] | null;
            /** @description What it tells of itself. Since v1.44. */
            status?: {
                [key: string]: string;
            } | null;
        };
        Commit: {
            /** @description The revision; `N/A` if unknown. */
            ID?: string;
        };
        SwarmInfo: {
            /** @description This node's id; empty outside a swarm. */
            NodeID?: string;
            /** @description Its address in the swarm */
            NodeAddr?: string;
            /** @description What it is doing in the swarm */
            LocalNodeState?: components["schemas"]["LocalNodeState"];
            /** @description It is a manager. */
            ControlAvailable?: boolean;
            /** @description Why joining or leaving failed */
            Error?: string;
            /** @description Managers it knows; null outside a swarm. */
            RemoteManagers?: components["schemas"]["PeerNode"][] | null;
            /** @description Nodes in all; absent on workers. */
            Nodes?: number | null;
            /** @description Managers in all; absent on workers. */
            Managers?: number | null;
            /** @description The swarm; absent on workers. */
            Cluster?: components["schemas"]["ClusterInfo"];
        };
        /**
         * @description `inactive` outside a swarm, `pending` while joining, `locked` until the unlock key is given.
         * @enum {string}
         */
        LocalNodeState: "" | "inactive" | "pending" | "active" | "error" | "locked";
        PeerNode: {
            /** @description Its id */
            NodeID?: string;
            /** @description Its address and port */
            Addr?: string;
        };
        DeviceInfo: {
            /** @description Device driver that found it, such as `cdi` */
            Source?: string;
            /** @description Its name there */
            ID?: string;
        };
        /** @description Version of the engine. The fields after `Components` repeat the details of the component `Engine`. */
        SystemVersion: {
            /** @description The product. Since v1.35. */
            Platform?: components["schemas"]["SystemVersionPlatform"];
            /** @description What it is made of. Since v1.35. */
            Components?: components["schemas"]["SystemVersionComponent"][] | null;
            /** @description The engine's version */
            Version?: string;
            /** @description Newest API version it speaks */
            ApiVersion?: string;
            /** @description Oldest API version it speaks */
            MinAPIVersion?: string;
            /** @description Revision it was made from */
            GitCommit?: string;
            /** @description Version of Go, or of what it is written in */
            GoVersion?: string;
            /** @description Operating system, such as `linux` */
            Os?: string;
            /** @description Processor, such as `amd64` */
            Arch?: string;
            /** @description The machine's kernel */
            KernelVersion?: string;
            /** @description Experimental features are on; absent if not. */
            Experimental?: boolean;
            /** @description When it was made */
            BuildTime?: string;
        };
        SystemVersionPlatform: {
            /** @description Name of the product */
            Name: string;
        };
        SystemVersionComponent: {
            /** @description Name of the component */
            Name: string;
            /** @description Its version */
            Version: string;
            /** @description Facts by name, all of them strings */
            Details?: Record<string, never> | null;
        };
        /** @description Credentials for a registry. */
        AuthConfig: {
            /** @description User name */
            username?: string;
            /** @description Password */
            password?: string;
            /** @description Ignored. */
            email?: string;
            /** @description Address of the registry, without a scheme */
            serveraddress?: string;
            /** @description Token instead of name and password */
            identitytoken?: string;
            /** @description Bearer token for the registry itself */
            registrytoken?: string;
        };
        SystemAuthResponse: {
            /** @description Result for people */
            Status: string;
            /** @description Token to use instead of name and password; empty if the registry gives none. */
            IdentityToken?: string;
        };
        /** @description What an event is about. */
        EventActor: {
            /** @description Its id or name */
            ID?: string;
            /** @description Facts about it, its labels among them */
            Attributes?: {
                [key: string]: string;
            } | null;
        };
        /** @description Something that happened. */
        EventMessage: {
            /**
             * @description Kind of object
             * @enum {string}
             */
            Type?: "builder" | "config" | "container" | "daemon" | "image" | "network" | "node" | "plugin" | "secret" | "service" | "volume";
            /** @description What happened */
            Action?: string;
            /** @description To what */
            Actor?: components["schemas"]["EventActor"];
            /**
             * @description `local` on this node, `swarm` for all of it
             * @enum {string}
             */
            scope?: "local" | "swarm";
            /**
             * Format: int64
             * @description When, in seconds since 1970
             */
            time?: number;
            /**
             * Format: int64
             * @description When, in nanoseconds since 1970
             */
            timeNano?: number;
        };
        /** @description Objects with their sizes. Kinds that were not asked for are null. */
        SystemDataUsageResponse: {
            /**
             * Format: int64
             * @description Bytes of all image layers, shared ones counted once
             */
            LayersSize?: number;
            /** @description Images */
            Images?: components["schemas"]["ImageSummary"][] | null;
            /** @description Containers */
            Containers?: components["schemas"]["ContainerSummary"][] | null;
            /** @description Volumes */
            Volumes?: components["schemas"]["Volume"][] | null;
            /** @description Records of the build cache. Since v1.39. */
            BuildCache?: components["schemas"]["BuildCache"][] | null;
        };
        /** @description An error. */
        ErrorResponse: {
            /** @description What went wrong, for people; clients compare some of these texts. */
            message: string;
        };
        /** @description What a task runs. One of `ContainerSpec`, `PluginSpec` and `NetworkAttachmentSpec` is set. */
        TaskSpec: {
            /** @description A plugin, with the runtime `plugin`. Since v1.31. */
            PluginSpec?: components["schemas"]["TaskPluginSpec"];
            /** @description A container */
            ContainerSpec?: components["schemas"]["TaskContainerSpec"];
            /** @description The attachment of a container that is no task; made by the swarm only. Since v1.38. */
            NetworkAttachmentSpec?: components["schemas"]["TaskNetworkAttachmentSpec"];
            /** @description Limits and reservations */
            Resources?: components["schemas"]["TaskResources"];
            /** @description When an ended task is followed by another */
            RestartPolicy?: components["schemas"]["TaskRestartPolicy"];
            /** @description On which nodes */
            Placement?: components["schemas"]["TaskPlacement"];
            /**
             * Format: uint64
             * @description Another number makes new tasks though nothing changed.
             */
            ForceUpdate?: number;
            /** @description Kind of task: `container`, `plugin`, `attachment`. Since v1.30. */
            Runtime?: string;
            /** @description Its networks */
            Networks?: components["schemas"]["NetworkAttachmentConfig"][] | null;
            /** @description Its log driver; the swarm's or node's default if absent. */
            LogDriver?: components["schemas"]["TaskLogDriver"];
        };
        TaskPluginSpec: {
            /** @description Name to give the plugin */
            Name?: string;
            /** @description The plugin in its registry */
            Remote?: string;
            /** @description Install it without enabling it. */
            Disabled?: boolean;
            /** @description Privileges granted */
            PluginPrivilege?: components["schemas"]["PluginPrivilege"][] | null;
        };
        /** @description A container on any node. Fields that a container's own configuration has too mean the same here. */
        TaskContainerSpec: {
            /** @description Name of the image */
            Image?: string;
            /** @description Labels of the container */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description What to run, instead of the image's entry point */
            Command?: string[] | null;
            /** @description Its arguments, instead of the image's command */
            Args?: string[] | null;
            /** @description Host name inside; may be a template. */
            Hostname?: string;
            /** @description Environment as `NAME=value`; may be templates. */
            Env?: string[] | null;
            /** @description Directory the command starts in */
            Dir?: string;
            /** @description User the command runs as */
            User?: string;
            /** @description Further groups of the command */
            Groups?: string[] | null;
            /** @description What it may do. Since v1.30. */
            Privileges?: components["schemas"]["TaskPrivileges"];
            /** @description Give it a terminal. */
            TTY?: boolean;
            /** @description Keep standard input open. */
            OpenStdin?: boolean;
            /** @description Mount the root file system read-only. */
            ReadOnly?: boolean;
            /** @description Its mounts */
            Mounts?: components["schemas"]["Mount"][] | null;
            /** @description Signal that asks it to end. Since v1.28. */
            StopSignal?: string;
            /**
             * Format: int64
             * @description Nanoseconds between that signal and SIGKILL
             */
            StopGracePeriod?: number;
            /** @description How to find out whether it works */
            HealthCheck?: components["schemas"]["HealthConfig"];
            /** @description Lines for `/etc/hosts`, as `address name [name...]` */
            Hosts?: string[] | null;
            /** @description Its name resolution */
            DNSConfig?: components["schemas"]["TaskDNSConfig"];
            /** @description Secrets it sees as files */
            Secrets?: components["schemas"]["TaskSecretReference"][] | null;
            /**
             * Format: int64
             * @description Bias of the kernel's choice when memory runs out, -1000 to 1000. Since v1.46.
             */
            OomScoreAdj?: number;
            /** @description Configs it sees as files. Since v1.30. */
            Configs?: components["schemas"]["TaskConfigReference"][] | null;
            /**
             * @description Kind of isolation. Windows only. Since v1.35.
             * @enum {string}
             */
            Isolation?: "default" | "process" | "hyperv" | "";
            /** @description Put a small init in front of the command; null is the node's default. Since v1.38. */
            Init?: boolean | null;
            /** @description Kernel parameters that belong to a namespace. Since v1.40. */
            Sysctls?: {
                [key: string]: string;
            } | null;
            /** @description Capabilities beyond the usual ones. Since v1.41. */
            CapabilityAdd?: string[] | null;
            /** @description Capabilities to leave out of the usual ones. Since v1.41. */
            CapabilityDrop?: string[] | null;
            /** @description Limits in the sense of setrlimit(2). Since v1.41. */
            Ulimits?: {
                /** @description Name of the limit without `RLIMIT_`, in lower case */
                Name?: string;
                /** @description Soft limit; -1 is none. */
                Soft?: number;
                /** @description Hard limit; -1 is none. */
                Hard?: number;
            }[] | null;
        };
        TaskPrivileges: {
            /** @description Managed account; one of the fields is set. Windows only. */
            CredentialSpec?: {
                /** @description Id of a config that holds it. Since v1.40. */
                Config?: string;
                /** @description File that holds it */
                File?: string;
                /** @description Registry key that holds it */
                Registry?: string;
            };
            /** @description SELinux labels */
            SELinuxContext?: {
                /** @description No labels at all */
                Disable?: boolean;
                /** @description User label */
                User?: string;
                /** @description Role label */
                Role?: string;
                /** @description Type label */
                Type?: string;
                /** @description Level label */
                Level?: string;
            };
            /** @description System call filter. Since v1.44. */
            Seccomp?: {
                /**
                 * @description Which one
                 * @enum {string}
                 */
                Mode?: "default" | "unconfined" | "custom";
                /** @description With `custom`, base64 of the profile as JSON */
                Profile?: string;
            };
            /** @description AppArmor. Since v1.44. */
            AppArmor?: {
                /**
                 * @description Whether it applies
                 * @enum {string}
                 */
                Mode?: "default" | "disabled";
            };
            /** @description Processes cannot gain privileges by running programs. Since v1.44. */
            NoNewPrivileges?: boolean;
        };
        TaskDNSConfig: {
            /** @description Addresses of name servers */
            Nameservers?: string[] | null;
            /** @description Search domains */
            Search?: string[] | null;
            /** @description Options for `resolv.conf` */
            Options?: string[] | null;
        };
        TaskSecretReference: {
            /** @description Where and how it appears */
            File?: {
                /** @description Path; below `/run/secrets` unless absolute. */
                Name?: string;
                /** @description Number of its owner */
                UID?: string;
                /** @description Number of its group */
                GID?: string;
                /**
                 * Format: uint32
                 * @description Its permissions, as a number
                 */
                Mode?: number;
            };
            /** @description Id of the secret */
            SecretID?: string;
            /** @description Name of the secret, for display */
            SecretName?: string;
        };
        TaskConfigReference: {
            /** @description Where and how it appears; not together with `Runtime`. */
            File?: {
                /** @description Path; below `/` unless absolute. */
                Name?: string;
                /** @description Number of its owner */
                UID?: string;
                /** @description Number of its group */
                GID?: string;
                /**
                 * Format: uint32
                 * @description Its permissions, as a number
                 */
                Mode?: number;
            };
            /** @description It is not a file but for the runtime, such as a credential specification. Since v1.40. */
            Runtime?: Record<string, never>;
            /** @description Id of the config */
            ConfigID?: string;
            /** @description Name of the config, for display */
            ConfigName?: string;
        };
        TaskNetworkAttachmentSpec: {
            /** @description Id of the container */
            ContainerID?: string;
        };
        TaskResources: {
            /** @description The most it may use */
            Limits?: components["schemas"]["Limit"];
            /** @description What a node must have free for it */
            Reservations?: components["schemas"]["ResourceObject"];
        };
        TaskRestartPolicy: {
            /**
             * @description After which ends
             * @enum {string}
             */
            Condition?: "none" | "on-failure" | "any";
            /**
             * Format: int64
             * @description Nanoseconds before another
             */
            Delay?: number;
            /**
             * Format: int64
             * @description How often within `Window`; 0 is without limit.
             */
            MaxAttempts?: number;
            /**
             * Format: int64
             * @description Nanoseconds over which attempts are counted; 0 is for ever.
             */
            Window?: number;
        };
        TaskPlacement: {
            /** @description Conditions for nodes, such as `node.role==manager`; all must hold. */
            Constraints?: string[] | null;
            /** @description How to spread, in order. Since v1.28. */
            Preferences?: {
                /** @description Spread evenly over the values of a label. */
                Spread?: {
                    /** @description The label, such as `node.labels.zone` */
                    SpreadDescriptor?: string;
                };
            }[] | null;
            /**
             * Format: int64
             * @description Most tasks of the service on one node; 0 is without limit. Since v1.40.
             */
            MaxReplicas?: number;
            /** @description Platforms the image is for; others get no task. Since v1.30. */
            Platforms?: components["schemas"]["Platform"][] | null;
        };
        TaskLogDriver: {
            /** @description Name of the driver */
            Name?: string;
            /** @description Options of the driver */
            Options?: {
                [key: string]: string;
            } | null;
        };
        /**
         * @description States of a task, in the order it goes through them.
         * @enum {string}
         */
        TaskState: "new" | "allocated" | "pending" | "assigned" | "accepted" | "preparing" | "ready" | "starting" | "running" | "complete" | "shutdown" | "failed" | "rejected" | "remove" | "orphaned";
        ContainerStatus: {
            /** @description Id of the container */
            ContainerID?: string;
            /** @description Process id on its node */
            PID?: number;
            /** @description Its exit code */
            ExitCode?: number;
        };
        PortStatus: {
            /** @description Ports published on the task's node */
            Ports?: components["schemas"]["EndpointPortConfig"][] | null;
        };
        TaskStatus: {
            /**
             * Format: date-time
             * @description When it came to this
             */
            Timestamp?: string;
            /** @description Its state */
            State?: components["schemas"]["TaskState"];
            /** @description Remark */
            Message?: string;
            /** @description Why it failed */
            Err?: string;
            /** @description Its container */
            ContainerStatus?: components["schemas"]["ContainerStatus"];
            /** @description Its ports. Since v1.44. */
            PortStatus?: components["schemas"]["PortStatus"];
        };
        /** @description A task's place in a network. */
        NetworkAttachment: {
            /** @description The network, as the swarm knows it */
            Network?: components["schemas"]["Network"];
            /** @description Addresses with prefix length */
            Addresses?: string[] | null;
        };
        Task: {
            /** @description Its id */
            ID?: string;
            /** @description Version */
            Version?: components["schemas"]["ObjectVersion"];
            /**
             * Format: date-time
             * @description When it was made
             */
            CreatedAt?: string;
            /**
             * Format: date-time
             * @description When it was last changed
             */
            UpdatedAt?: string;
            /** @description Its name */
            Name?: string;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description What it runs */
            Spec?: components["schemas"]["TaskSpec"];
            /** @description Id of its service */
            ServiceID?: string;
            /** @description Which of the service's replicas it is; 0 or absent for global services. */
            Slot?: number;
            /** @description Id of its node; empty until it has one. */
            NodeID?: string;
            /** @description Other resources it got */
            AssignedGenericResources?: components["schemas"]["GenericResources"];
            /** @description Its state */
            Status?: components["schemas"]["TaskStatus"];
            /** @description State it shall come to */
            DesiredState?: components["schemas"]["TaskState"];
            /** @description Which run of a job it belongs to. Since v1.41. */
            JobIteration?: components["schemas"]["ObjectVersion"];
            /** @description Its networks */
            NetworksAttachments?: components["schemas"]["NetworkAttachment"][] | null;
        };
        /** @description A network for tasks. */
        NetworkAttachmentConfig: {
            /** @description Id or name of the network */
            Target?: string;
            /** @description Further names of the tasks in it */
            Aliases?: string[] | null;
            /** @description Options of its driver. Since v1.39. */
            DriverOpts?: {
                [key: string]: string;
            } | null;
        };
        /** @description A volume. */
        Volume: {
            /** @description Its name */
            Name: string;
            /** @description Its driver */
            Driver: string;
            /** @description Where its data are on the host */
            Mountpoint: string;
            /**
             * Format: date-time
             * @description When it was made. Since v1.31.
             */
            CreatedAt?: string;
            /** @description What its driver tells of it; absent if nothing. */
            Status?: {
                [key: string]: Record<string, never>;
            } | null;
            /** @description Its labels; null if it has none. */
            Labels: {
                [key: string]: string;
            } | null;
            /**
             * @description `local` for this machine, `global` for all of a cluster
             * @enum {string}
             */
            Scope: "local" | "global";
            /** @description Of a swarm's cluster volume, the rest. Since v1.42. */
            ClusterVolume?: components["schemas"]["ClusterVolume"];
            /** @description Options of its driver; null if it was made without. */
            Options: {
                [key: string]: string;
            } | null;
            /** @description What it takes; only when disk use is measured. */
            UsageData?: components["schemas"]["VolumeUsageData"];
        };
        VolumeUsageData: {
            /**
             * Format: int64
             * @description Bytes on disk; -1 if the driver cannot tell.
             */
            Size: number;
            /**
             * Format: int64
             * @description Containers that refer to it; -1 if unknown.
             */
            RefCount: number;
        } | null;
        /** @description A volume to make. */
        VolumeCreateOptions: {
            /** @description Its name; empty or absent makes a nameless one. */
            Name?: string;
            /** @description Its driver; `local` if empty. */
            Driver?: string;
            /** @description Options of its driver; for `local`: `type`, `device`, `o`, as for mount(8). */
            DriverOpts?: {
                [key: string]: string;
            } | null;
            /** @description Its labels */
            Labels?: {
                [key: string]: string;
            } | null;
            /** @description Makes it a swarm's cluster volume. Since v1.42. */
            ClusterVolumeSpec?: components["schemas"]["ClusterVolumeSpec"];
        };
        VolumeListResponse: {
            /** @description The volumes */
            Volumes?: components["schemas"]["Volume"][] | null;
            /** @description Drivers that did not answer; null if all did. */
            Warnings?: string[] | null;
        };
        VolumeUpdateRequest: {
            /** @description The new specification */
            Spec?: components["schemas"]["ClusterVolumeSpec"];
        };
        VolumePruneResponse: {
            /** @description Names of what was removed; null or empty if nothing was. */
            VolumesDeleted?: string[] | null;
            /**
             * Format: int64
             * @description Bytes freed
             */
            SpaceReclaimed?: number;
        };
    };
    responses: {
        /** @description The request makes no sense: a parameter, a filter or the body is wrong. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The registry does not accept these credentials. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Forbidden by the state or the nature of the object. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description No such object. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description In conflict with the object's present state or with another object. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The engine failed, or refused something it reports as its own failure. */
        ServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description The engine, or the driver concerned, cannot do this. */
        NotImplemented: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description This node is not part of a swarm, or may not do this in its role. */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ContainerList: {
        parameters: {
            query?: {
                /** @description Include containers that do not run. */
                all?: boolean;
                /** @description At most this many of the newest containers, running or not; 0 and below mean no limit. */
                limit?: number;
                /** @description Work out `SizeRw` and `SizeRootFs`, which takes time. */
                size?: boolean;
                /** @description Filters as JSON. `ancestor` (image or one built on it), `before` and `since` (a container), `exited` (exit code), `expose` and `publish` (`port/proto` or a range), `health`, `id`, `isolation`, `is-task`, `label`, `name` (regular expression), `network`, `status`, `volume` (name or mount point). */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerSummary"][];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerCreate: {
        parameters: {
            query?: {
                /** @description Name to give: two characters or more of `[a-zA-Z0-9_.-]`, the first a letter or digit. Absent: one is made up. */
                name?: string;
                /** @description Platform `os[/arch[/variant]]` the image must be for. Absent: that of this machine. Since v1.41. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What to run, and how */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContainerCreateRequest"];
            };
        };
        responses: {
            /** @description Created. There may be warnings. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerCreateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description No such image, or a named object is missing. */
            404: components["responses"]["NotFound"];
            /** @description The name is in use. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerInspect: {
        parameters: {
            query?: {
                /** @description Work out `SizeRw` and `SizeRootFs`, which takes time. */
                size?: boolean;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of the container */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerInspectResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerTop: {
        parameters: {
            query?: {
                /** @description Arguments for `ps`; they must leave a PID column in its output. */
                ps_args?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerTopResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerLogs: {
        parameters: {
            query?: {
                /** @description Stay connected and send what is written from now on. */
                follow?: boolean;
                /** @description Include standard output. */
                stdout?: boolean;
                /** @description Include standard error. */
                stderr?: boolean;
                /** @description Only what is not older than this: seconds since 1970, with decimals if wanted. */
                since?: number;
                /** @description Only what is older than this: seconds since 1970, with decimals if wanted. Since v1.35. */
                until?: number;
                /** @description Start each line with its time. */
                timestamps?: boolean;
                /** @description Only that many of the last lines; `all` or anything that is no number means all of them. */
                tail?: string;
                /** @description Start each line with the attributes of its source, such as labels and environment the log driver was told to keep. */
                details?: boolean;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log, framed unless the container has a terminal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docker.raw-stream": string;
                    "application/vnd.docker.multiplexed-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            501: components["responses"]["NotImplemented"];
        };
    };
    ContainerChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilesystemChange"][] | null;
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerStats: {
        parameters: {
            query?: {
                /** @description Go on sending; false sends one object. */
                stream?: boolean;
                /** @description With `stream=0`, do not wait a second for a first sample: `precpu_stats` is then empty. Since v1.41. */
                "one-shot"?: boolean;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerStatsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerResize: {
        parameters: {
            query: {
                /** @description Height in characters */
                h: number;
                /** @description Width in characters */
                w: number;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerStart: {
        parameters: {
            query?: {
                /** @description Key sequence that detaches the client, as `ctrl-` with one of `a-z`, `@`, `[`, `\`, `]`, `^`, `_`, or a single letter, separated by commas. Default `ctrl-p,ctrl-q`. */
                detachKeys?: string;
                /** @description Name of a checkpoint to start from */
                checkpoint?: string;
                /** @description Directory on the host that holds the checkpoint, if not the usual one */
                "checkpoint-dir"?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Started */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It was running already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerStop: {
        parameters: {
            query?: {
                /** @description Signal by name, with or without `SIG`, or by number. Since v1.42. */
                signal?: string;
                /** @description Seconds to wait before killing. -1 waits forever, 0 kills at once; absent means the container's own stop timeout. */
                t?: number;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It no longer runs. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It was not running. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerRestart: {
        parameters: {
            query?: {
                /** @description Signal by name, with or without `SIG`, or by number. Since v1.42. */
                signal?: string;
                /** @description Seconds to wait before killing. -1 waits forever, 0 kills at once; absent means the container's own stop timeout. */
                t?: number;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerKill: {
        parameters: {
            query?: {
                /** @description Signal by name, with or without `SIG`, or by number */
                signal?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /** @description The limits to change */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContainerUpdateRequest"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerUpdateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerRename: {
        parameters: {
            query: {
                /** @description The new name */
                name: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            /** @description The new name is in use. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerUnpause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerAttach: {
        parameters: {
            query?: {
                /** @description Key sequence that detaches the client, as `ctrl-` with one of `a-z`, `@`, `[`, `\`, `]`, `^`, `_`, or a single letter, separated by commas. Default `ctrl-p,ctrl-q`. */
                detachKeys?: string;
                /** @description Send first what was logged so far. */
                logs?: boolean;
                /** @description Stay attached and send what is written from now on. */
                stream?: boolean;
                /** @description Pass the client's bytes to the container's standard input. */
                stdin?: boolean;
                /** @description Include standard output. */
                stdout?: boolean;
                /** @description Include standard error. */
                stderr?: boolean;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is now a raw byte stream. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The byte stream, without an upgrade */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docker.raw-stream": string;
                    "application/vnd.docker.multiplexed-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerAttachWebsocket: {
        parameters: {
            query?: {
                /** @description Key sequence that detaches the client, as `ctrl-` with one of `a-z`, `@`, `[`, `\`, `]`, `^`, `_`, or a single letter, separated by commas. Default `ctrl-p,ctrl-q`. */
                detachKeys?: string;
                /** @description Send first what was logged so far. */
                logs?: boolean;
                /** @description Stay attached and send what is written from now on. */
                stream?: boolean;
                /** @description Pass the client's bytes to the container's standard input. Since v1.42. */
                stdin?: boolean;
                /** @description Include standard output. Since v1.42. */
                stdout?: boolean;
                /** @description Include standard error. Since v1.42. */
                stderr?: boolean;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection now speaks WebSocket. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Never sent in practice; kept from the published description. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerWait: {
        parameters: {
            query?: {
                /** @description `not-running` holds at once unless it runs; `next-exit` waits for the next end; `removed` waits until it is gone. Since v1.30. */
                condition?: "not-running" | "next-exit" | "removed";
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The condition holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerWaitResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerDelete: {
        parameters: {
            query?: {
                /** @description Also remove the nameless volumes made for it. */
                v?: boolean;
                /** @description Kill it first if it runs. */
                force?: boolean;
                /** @description Remove a link, not the container: `{id}` is then `name/alias`. */
                link?: boolean;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            /** @description It runs, or is being removed already. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerArchive: {
        parameters: {
            query: {
                /** @description Path in the container; relative ones start at its root directory */
                path: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description No such container, or no such path in it. */
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PutContainerArchive: {
        parameters: {
            query: {
                /** @description Directory in the container in which to unpack */
                path: string;
                /** @description Refuse to replace a directory by something else, or something else by a directory. */
                noOverwriteDirNonDir?: string;
                /** @description Keep the owners the archive names. Absent or false: the files belong to the container's user. Since v1.39. */
                copyUIDGID?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /** @description The tar archive */
        requestBody: {
            content: {
                "application/x-tar": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Unpacked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            /** @description The container's file system, or the volume the path is on, is read-only. */
            403: components["responses"]["Forbidden"];
            /** @description No such container, or no such directory in it. */
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerArchiveInfo: {
        parameters: {
            query: {
                /** @description Path in the container; relative ones start at its root directory */
                path: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description base64 of a JSON object about the path: `name`, `size` in bytes, `mode` (Go's file mode bits), `mtime`, `linkTarget`. */
                    "X-Docker-Container-Path-Stat"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerPrune: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `until` (created before: a time, or an age such as `24h`), `label` (`label!` for the opposite). Since v1.28. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerPruneResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageList: {
        parameters: {
            query?: {
                /** @description Include the nameless images that are only parents of others. */
                all?: boolean;
                /** @description Filters as JSON. `before` and `since` (an image), `dangling` (true: those without a name), `label`, `reference` (a name, with `*` if wanted), `until`. */
                filters?: string;
                /** @description Work out `SharedSize`, which takes time. Since v1.42. */
                "shared-size"?: boolean;
                /** @description Of no effect: `RepoDigests` is always filled in. */
                digests?: boolean;
                /** @description List the manifests of each image. Since v1.47. */
                manifests?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageSummary"][];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageBuild: {
        parameters: {
            query?: {
                /** @description Path of the Dockerfile in the context */
                dockerfile?: string;
                /** @description Name, with tag if wanted, for the result; may be given several times. */
                t?: string;
                /** @description Lines for `/etc/hosts` during the build, as `name:address`, separated by commas. Since v1.28. */
                extrahosts?: string;
                /** @description Where to fetch the context: a Git repository, an archive, or a single Dockerfile by HTTP */
                remote?: string;
                /** @description Print nothing but the id of the result. */
                q?: boolean;
                /** @description Run every step anew. */
                nocache?: boolean;
                /** @description JSON list of images whose layers may be reused */
                cachefrom?: string;
                /** @description Ask the registry for a newer base image, whatever is here. */
                pull?: string;
                /** @description Remove the steps' containers after success. */
                rm?: boolean;
                /** @description Remove the steps' containers after failure too. */
                forcerm?: boolean;
                /** @description Memory limit of a step in bytes; 0 is none. */
                memory?: number;
                /** @description Limit of memory and swap together in bytes; -1 is no limit on swap. */
                memswap?: number;
                /** @description Weight of a step against other processes; 0 is the default weight. */
                cpushares?: number;
                /** @description Processors a step may use, as `0-3` or `0,1` */
                cpusetcpus?: string;
                /** @description Length of a scheduling period in microseconds */
                cpuperiod?: number;
                /** @description Microseconds of processor time per scheduling period */
                cpuquota?: number;
                /** @description JSON object of the build's variables; null passes none on. Not for secrets: the values stay in the image's history. */
                buildargs?: string;
                /** @description Size of a step's `/dev/shm` in bytes; 0 is 64 MiB. */
                shmsize?: number;
                /** @description Join the new layers into one. Experimental. */
                squash?: boolean;
                /** @description JSON object of labels for the result */
                labels?: string;
                /** @description Network of the steps: `bridge`, `host`, `none`, `container:<name or id>`, or a network's name */
                networkmode?: string;
                /** @description Platform `os[/arch[/variant]]`, in newer versions as a JSON object such as `{"os":"linux","architecture":"arm64"}`. Absent: the one that suits this machine. Since v1.34. */
                platform?: string;
                /** @description Stage of the Dockerfile to build up to. Since v1.37. */
                target?: string;
                /** @description JSON list of what to make of the result, in BuildKit's words; only with `version=2`. Since v1.40. */
                outputs?: string;
                /** @description `1` for the classic builder, `2` for BuildKit. Since v1.38. */
                version?: "1" | "2";
                /** @description JSON list of limits for the steps' processes */
                ulimits?: string;
                /** @description Cgroup below which the steps run */
                cgroupparent?: string;
                /** @description Memory nodes a step may use, as `0-3` or `0,1` */
                cpusetmems?: string;
                /** @description Security options of the steps, as a JSON list */
                securityopt?: string;
                /** @description Id of the client's session, with `version=2` */
                session?: string;
                /** @description Name by which this build can be cancelled, with `version=2` */
                buildid?: string;
            };
            header?: {
                /** @description Kind of the body: an archive. Not looked at. */
                "Content-type"?: "application/x-tar";
                /** @description Credentials by registry for the base images: base64url of a JSON object that maps addresses to AuthConfigs. */
                "X-Registry-Config"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The build context: a tar archive, plain or compressed with gzip, bzip2, xz or zstd */
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The build's output, one JSON object after another */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    BuildPrune: {
        parameters: {
            query?: {
                /** @description Bytes of cache to keep. The name before version 1.48 of `reserved-space`. Since v1.39. */
                "keep-storage"?: number;
                /** @description Bytes of cache that are never removed. Since v1.48. */
                "reserved-space"?: number;
                /** @description Bytes of cache above which it is removed. Since v1.48. */
                "max-used-space"?: number;
                /** @description Bytes that shall be free on the disk afterwards. Since v1.48. */
                "min-free-space"?: number;
                /** @description Remove what other records depend on too, not only what stands alone. Since v1.39. */
                all?: boolean;
                /** @description Filters as JSON. `until` (unused for longer than an age such as `24h`), `id`, `parent`, `type`, `description`, `inuse`, `shared`, `private`. Since v1.39. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuildPruneResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageCreate: {
        parameters: {
            query?: {
                /** @description Image to pull: a name, with tag or digest if wanted. Without either, see `tag`. */
                fromImage?: string;
                /** @description What to import: `-` for the body, or an HTTP address */
                fromSrc?: string;
                /** @description Name for the imported image */
                repo?: string;
                /** @description Tag or digest to pull. Without one in either parameter, all tags are pulled. On import, the tag to give. */
                tag?: string;
                /** @description Remark on the imported image, for its history */
                message?: string;
                /** @description Dockerfile instructions for the imported image's configuration: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `ONBUILD`, `STOPSIGNAL`, `USER`, `VOLUME`, `WORKDIR`, `HEALTHCHECK` */
                changes?: string[];
                /** @description Platform `os[/arch[/variant]]`, in newer versions as a JSON object such as `{"os":"linux","architecture":"arm64"}`. Absent: the one that suits this machine. Since v1.32. */
                platform?: string;
            };
            header?: {
                /** @description Credentials for the registry: base64url of an AuthConfig as JSON. What cannot be decoded is taken as none. */
                "X-Registry-Auth"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The tar archive to import, with `fromSrc=-` */
        requestBody?: {
            content: {
                "text/plain": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Progress, one JSON object after another */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateImageInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description The registry has no such image, or access to it is denied. */
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageInspect: {
        parameters: {
            query?: {
                /** @description List the image's manifests. Since v1.48. */
                manifests?: boolean;
                /** @description Platform to answer for, as a JSON object such as `{"os":"linux","architecture":"arm64"}`; not together with `manifests`. Since v1.49. */
                platform?: string;
            };
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageInspect"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageHistory: {
        parameters: {
            query?: {
                /** @description Platform `os[/arch[/variant]]`, in newer versions as a JSON object such as `{"os":"linux","architecture":"arm64"}`. Absent: the one that suits this machine. Since v1.48. */
                platform?: string;
            };
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageHistoryResponseItem"][];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImagePush: {
        parameters: {
            query?: {
                /** @description Tag to push; all tags of this name if absent. */
                tag?: string;
                /** @description Platform `os[/arch[/variant]]`, in newer versions as a JSON object such as `{"os":"linux","architecture":"arm64"}`. Absent: the one that suits this machine. Since v1.46. */
                platform?: string;
            };
            header?: {
                /** @description Credentials for the registry: base64url of an AuthConfig as JSON. What cannot be decoded is taken as none. */
                "X-Registry-Auth"?: string;
            };
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Progress, one JSON object after another */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushImageInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageTag: {
        parameters: {
            query?: {
                /** @description The name, with registry and path but without tag */
                repo?: string;
                /** @description The tag; `latest` if absent. */
                tag?: string;
            };
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Named */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            /** @description Kept from the published description; an existing name simply moves to this image. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageDelete: {
        parameters: {
            query?: {
                /** @description Remove it though stopped containers use it or it has several names. */
                force?: boolean;
                /** @description Keep nameless parents. */
                noprune?: boolean;
                /** @description Remove these platforms only, each as a JSON object such as `{"os":"linux","architecture":"arm64"}`. Since v1.50. */
                platforms?: string[];
            };
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was unnamed and removed, in order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageDeleteResponseItem"][];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            /** @description It is in use, or has several names. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageSearch: {
        parameters: {
            query: {
                /** @description What to look for; a registry's address may stand before it. */
                term: string;
                /** @description At most this many answers; 1 to 100, default 25. */
                limit?: number;
                /** @description Filters as JSON. `is-official`, `stars` (at least this many). */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageSearchResponseItem"][];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    ImagePrune: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `dangling` (false: nameless or not), `until` (created before: a time, or an age such as `24h`), `label` (`label!` for the opposite). */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagePruneResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    SystemAuth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The credentials and the registry they are for */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AuthConfig"];
            };
        };
        responses: {
            /** @description Accepted; the registry may have issued a token to use from now on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemAuthResponse"];
                };
            };
            /** @description Accepted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            500: components["responses"]["ServerError"];
        };
    };
    SystemInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemInfo"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    SystemVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemVersion"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    SystemPing: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does; the body is `OK`. */
            200: {
                headers: {
                    /** @description Newest API version this engine speaks */
                    "Api-Version"?: string;
                    /** @description Builder to prefer; `1` is the classic one, `2` BuildKit */
                    "Builder-Version"?: string;
                    /** @description Whether experimental features are on */
                    "Docker-Experimental"?: boolean;
                    /** @description Part this node plays in a swarm; `inactive` when it is in none */
                    Swarm?: "inactive" | "pending" | "error" | "locked" | "active/worker" | "active/manager";
                    /** @description `no-cache, no-store, must-revalidate` */
                    "Cache-Control"?: string;
                    /** @description `no-cache` */
                    Pragma?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description It does not work. */
            500: components["responses"]["ServerError"];
        };
    };
    SystemPingHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    /** @description Newest API version this engine speaks */
                    "Api-Version"?: string;
                    /** @description Builder to prefer; `1` is the classic one, `2` BuildKit */
                    "Builder-Version"?: string;
                    /** @description Whether experimental features are on */
                    "Docker-Experimental"?: boolean;
                    /** @description Part this node plays in a swarm; `inactive` when it is in none */
                    Swarm?: "inactive" | "pending" | "error" | "locked" | "active/worker" | "active/manager";
                    /** @description `no-cache, no-store, must-revalidate` */
                    "Cache-Control"?: string;
                    /** @description `no-cache` */
                    Pragma?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageCommit: {
        parameters: {
            query?: {
                /** @description Id or name of the container */
                container?: string;
                /** @description Name to give the image */
                repo?: string;
                /** @description Tag to give the image; `latest` if absent. */
                tag?: string;
                /** @description Remark for the image's history */
                comment?: string;
                /** @description Who made it, such as `Ada <ada@example.org>` */
                author?: string;
                /** @description Pause the container meanwhile, so that the files fit together. */
                pause?: boolean;
                /** @description Dockerfile instructions to apply to the configuration, one a line */
                changes?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Settings to change in the image's configuration; may be absent. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ContainerConfig"];
            };
        };
        responses: {
            /** @description The image's id */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    SystemEvents: {
        parameters: {
            query?: {
                /** @description Start with events of this time: seconds since 1970 with decimals, RFC 3339, or an age such as `10m`. */
                since?: string;
                /** @description End at this time, in the same forms */
                until?: string;
                /** @description Filters as JSON. `config`, `container`, `daemon`, `event`, `image`, `label`, `network`, `node`, `plugin`, `scope`, `secret`, `service`, `type`, `volume`. Unknown ones are ignored. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, one JSON object after another */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventMessage"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    SystemDataUsage: {
        parameters: {
            query?: {
                /** @description Kinds of object to measure; all if absent. Since v1.42. */
                type?: ("container" | "image" | "volume" | "build-cache")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemDataUsageResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageGet: {
        parameters: {
            query?: {
                /** @description Platform to save, as a JSON object such as `{"os":"linux","architecture":"arm64"}`; absent means all that are here. Since v1.48. */
                platform?: string;
            };
            header?: never;
            path: {
                /** @description Name, with tag or digest if wanted, or id of the image. Slashes in it may stand as they are. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tar archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageGetAll: {
        parameters: {
            query?: {
                /** @description The images; a name without tag means all its tags. */
                names?: string[];
                /** @description Platform to save, as a JSON object such as `{"os":"linux","architecture":"arm64"}`; absent means all that are here. Since v1.48. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tar archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageLoad: {
        parameters: {
            query?: {
                /** @description Leave out progress. */
                quiet?: boolean;
                /** @description Platform to load, as a JSON object such as `{"os":"linux","architecture":"arm64"}`; absent means all. Since v1.48. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The tar archive */
        requestBody?: {
            content: {
                "application/x-tar": string;
            };
        };
        responses: {
            /** @description Progress and the names of what was loaded, one JSON object after another */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateImageInfo"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerExec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /** @description The command and its surroundings */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecConfig"];
            };
        };
        responses: {
            /** @description Prepared; start it by this id. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            /** @description The container is paused or does not run. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ExecStart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the exec instance */
                id: string;
            };
            cookie?: never;
        };
        /** @description How to start it */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExecStartConfig"];
            };
        };
        responses: {
            /** @description The byte stream, or nothing when detached */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docker.raw-stream": string;
                    "application/vnd.docker.multiplexed-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description No such exec instance, or its container is gone. */
            404: components["responses"]["NotFound"];
            /** @description The container is paused or does not run. */
            409: components["responses"]["Conflict"];
        };
    };
    ExecResize: {
        parameters: {
            query: {
                /** @description Height in characters */
                h: number;
                /** @description Width in characters */
                w: number;
            };
            header?: never;
            path: {
                /** @description Id of the exec instance */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ExecInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the exec instance */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecInspectResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    VolumeList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `dangling` (true: no container uses it), `driver`, `label`, `name` (part of it). */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VolumeListResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    VolumeCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The volume's settings; without a body, or without a name, a nameless volume is made. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VolumeCreateOptions"];
            };
        };
        responses: {
            /** @description Created, or found */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    VolumeInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the volume */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    VolumeUpdate: {
        parameters: {
            query: {
                /** @description Version of the volume that this change is based on, as inspecting it showed; another is refused. */
                version: number;
            };
            header?: never;
            path: {
                /** @description Name of the volume */
                name: string;
            };
            cookie?: never;
        };
        /** @description The volume's new specification */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VolumeUpdateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    VolumeDelete: {
        parameters: {
            query?: {
                /** @description Forget the volume even if its driver is gone or cannot remove it. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the volume */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No such volume, or no such driver. */
            404: components["responses"]["NotFound"];
            /** @description A container uses it. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    VolumePrune: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `label` (`label!` for the opposite), `all` (true: named volumes too; without it, from version 1.42 on, only nameless ones). Since v1.28. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VolumePruneResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `dangling` (true: no container on it), `driver`, `id`, `label`, `name`, `scope` (`swarm`, `local`, `global`), `type` (`custom`, `builtin`). */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"][];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkInspect: {
        parameters: {
            query?: {
                /** @description Include the services and tasks of a swarm network. Since v1.28. */
                verbose?: boolean;
                /** @description Only a network of this scope: `swarm`, `global` or `local`. Since v1.31. */
                scope?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Containers are on it, or it is one of the predefined networks. */
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The network's settings */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NetworkCreateRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkCreateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description The subnet overlaps with another, the name is predefined, or the driver refuses. */
            403: components["responses"]["Forbidden"];
            /** @description No such driver. */
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkConnect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        /** @description The container, and the settings of its endpoint */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NetworkConnectRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            /** @description Already attached, the address is taken, or the network does not allow it. */
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkDisconnect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the network */
                id: string;
            };
            cookie?: never;
        };
        /** @description The container */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NetworkDisconnectRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            /** @description The network does not allow it. */
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkPrune: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `until` (created before: a time, or an age such as `24h`), `label` (`label!` for the opposite). Since v1.28. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkPruneResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `capability` (such as `volumedriver`), `enabled`. Since v1.28. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"][];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    GetPluginPrivileges: {
        parameters: {
            query: {
                /** @description The plugin in its registry; the tag `latest` may be left out. */
                remote: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginPrivilege"][];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    PluginPull: {
        parameters: {
            query: {
                /** @description The plugin in its registry; the tag `latest` may be left out. */
                remote: string;
                /** @description Name to give it here; that of `remote` if absent. */
                name?: string;
            };
            header?: {
                /** @description Credentials for the registry: base64url of an AuthConfig as JSON. */
                "X-Registry-Auth"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The privileges granted; they must be all it asks for. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginPrivilege"][] | null;
            };
        };
        responses: {
            /** @description Installed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["ServerError"];
        };
    };
    PluginInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginDelete: {
        parameters: {
            query?: {
                /** @description Disable it first, whatever uses it. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plugin"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginEnable: {
        parameters: {
            query?: {
                /** @description Seconds to wait for its socket; 0 is the default of 30. */
                timeout?: number;
            };
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginDisable: {
        parameters: {
            query?: {
                /** @description Disable it though something uses it. Since v1.28. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginUpgrade: {
        parameters: {
            query: {
                /** @description The plugin in its registry; the tag `latest` may be left out. */
                remote: string;
            };
            header?: {
                /** @description Credentials for the registry: base64url of an AuthConfig as JSON. */
                "X-Registry-Auth"?: string;
            };
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        /** @description The privileges granted; they must be all it asks for. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginPrivilege"][] | null;
            };
        };
        responses: {
            /** @description Upgraded */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginCreate: {
        parameters: {
            query: {
                /** @description Name to give it; the tag `latest` may be left out. */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Tar archive with `config.json` and the directory `rootfs` */
        requestBody?: {
            content: {
                "application/x-tar": string;
            };
        };
        responses: {
            /** @description Made */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["ServerError"];
        };
    };
    PluginPush: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushImageInfo"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PluginSet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the plugin; the tag `latest` may be left out. */
                name: string;
            };
            cookie?: never;
        };
        /** @description Settings as `NAME=value`; the plugin must be disabled. */
        requestBody?: {
            content: {
                "application/json": string[] | null;
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NodeList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `id`, `label` (engine), `membership` (`accepted`, `pending`), `name`, `node.label`, `role` (`manager`, `worker`). */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"][];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    NodeInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the node */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    NodeDelete: {
        parameters: {
            query?: {
                /** @description Remove it though it is not down. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Id or name of the node */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    NodeUpdate: {
        parameters: {
            query: {
                /** @description Version of the node that this change is based on; another is refused. */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id or name of the node */
                id: string;
            };
            cookie?: never;
        };
        /** @description The node's whole new specification */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NodeSpec"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmInspect: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Swarm"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmInit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The swarm's settings */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwarmInitRequest"];
            };
        };
        responses: {
            /** @description The new node's id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
            /** @description This node is in a swarm already. */
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmJoin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Which one, and how */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwarmJoinRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
            /** @description This node is in a swarm already. */
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmLeave: {
        parameters: {
            query?: {
                /** @description Leave as a manager too, even as the last one, or when others might lose their majority. */
                force?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmUpdate: {
        parameters: {
            query: {
                /** @description Version of the swarm that this change is based on; another is refused. */
                version: number;
                /** @description Make a new token for joining as a worker. */
                rotateWorkerToken?: boolean;
                /** @description Make a new token for joining as a manager. */
                rotateManagerToken?: boolean;
                /** @description Make a new unlock key. */
                rotateManagerUnlockKey?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The swarm's whole new specification */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwarmSpec"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmUnlockkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SwarmUnlockKeyResponse"];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmUnlock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The key */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwarmUnlockRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `id`, `label`, `mode` (`replicated`, `global`, ...), `name`. */
                filters?: string;
                /** @description Include how many tasks run and shall run. Since v1.41. */
                status?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"][];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Credentials with which the nodes pull the image: base64url of an AuthConfig as JSON. */
                "X-Registry-Auth"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description What shall run */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceSpec"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceCreateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description The network does not allow it. */
            403: components["responses"]["Forbidden"];
            /** @description The name is in use. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceInspect: {
        parameters: {
            query?: {
                /** @description Fill in the defaults of fields that were not set. Since v1.29. */
                insertDefaults?: boolean;
            };
            header?: never;
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceUpdate: {
        parameters: {
            query: {
                /** @description Version of the service that this change is based on; another is refused. */
                version: number;
                /** @description Whose credentials to use without the header: those of the present (`spec`) or the previous (`previous-spec`) specification */
                registryAuthFrom?: "spec" | "previous-spec";
                /** @description `previous` goes back to the specification before; the body is then ignored. Since v1.28. */
                rollback?: string;
            };
            header?: {
                /** @description Credentials with which the nodes pull the image: base64url of an AuthConfig as JSON. */
                "X-Registry-Auth"?: string;
            };
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        /** @description The service's whole new specification */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceSpec"];
            };
        };
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceUpdateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceLogs: {
        parameters: {
            query?: {
                /** @description Start each line with the attributes of its source, such as labels and environment the log driver was told to keep. */
                details?: boolean;
                /** @description Stay connected and send what is written from now on. */
                follow?: boolean;
                /** @description Include standard output. */
                stdout?: boolean;
                /** @description Include standard error. */
                stderr?: boolean;
                /** @description Only what is not older than this: seconds since 1970 */
                since?: number;
                /** @description Start each line with its time. */
                timestamps?: boolean;
                /** @description Only that many of the last lines; `all` for all of them. */
                tail?: string;
            };
            header?: never;
            path: {
                /** @description Id or name of the service */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log, framed unless the tasks have a terminal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docker.raw-stream": string;
                    "application/vnd.docker.multiplexed-stream": string;
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    TaskList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `desired-state` (`running`, `shutdown`, `accepted`), `id`, `label`, `name`, `node`, `service`. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"][];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    TaskInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    TaskLogs: {
        parameters: {
            query?: {
                /** @description Start each line with the attributes of its source, such as labels and environment the log driver was told to keep. */
                details?: boolean;
                /** @description Stay connected and send what is written from now on. */
                follow?: boolean;
                /** @description Include standard output. */
                stdout?: boolean;
                /** @description Include standard error. */
                stderr?: boolean;
                /** @description Only what is not older than this: seconds since 1970 */
                since?: number;
                /** @description Start each line with its time. */
                timestamps?: boolean;
                /** @description Only that many of the last lines; `all` for all of them. */
                tail?: string;
            };
            header?: never;
            path: {
                /** @description Id of the task */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log, framed unless the task has a terminal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.docker.raw-stream": string;
                    "application/vnd.docker.multiplexed-stream": string;
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SecretList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `id`, `label`, `name`, `names`. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"][];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SecretCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The secret */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SecretSpec"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
            /** @description The name is in use. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SecretInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the secret */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SecretDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the secret */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    SecretUpdate: {
        parameters: {
            query: {
                /** @description Version of the secret that this change is based on; another is refused. */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id or name of the secret */
                id: string;
            };
            cookie?: never;
        };
        /** @description The secret as inspecting it showed, with other labels; nothing else can change. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SecretSpec"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ConfigList: {
        parameters: {
            query?: {
                /** @description Filters as JSON. `id`, `label`, `name`, `names`. */
                filters?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"][];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ConfigCreate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The config */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConfigSpec"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
            /** @description The name is in use. */
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ConfigInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the config */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ConfigDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the config */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ConfigUpdate: {
        parameters: {
            query: {
                /** @description Version of the config that this change is based on; another is refused. */
                version: number;
            };
            header?: never;
            path: {
                /** @description Id or name of the config */
                id: string;
            };
            cookie?: never;
        };
        /** @description The config as inspecting it showed, with other labels; nothing else can change. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConfigSpec"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    DistributionInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the image, with tag or digest */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The object asked for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DistributionInspect"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description Access denied, or no such image. */
            401: components["responses"]["Unauthorized"];
            500: components["responses"]["ServerError"];
        };
    };
    Session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection now carries HTTP/2, with the engine as client. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    CheckpointList: {
        parameters: {
            query?: {
                /** @description Directory on the host that holds the checkpoints, if not the usual one */
                dir?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckpointSummary"][];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            501: components["responses"]["NotImplemented"];
        };
    };
    CheckpointCreate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
            };
            cookie?: never;
        };
        /** @description Name and place of the checkpoint */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckpointCreateRequest"];
            };
        };
        responses: {
            /** @description Written */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
            501: components["responses"]["NotImplemented"];
        };
    };
    CheckpointDelete: {
        parameters: {
            query?: {
                /** @description Directory on the host that holds the checkpoints, if not the usual one */
                dir?: string;
            };
            header?: never;
            path: {
                /** @description Id, unambiguous beginning of an id, or name of the container */
                id: string;
                /** @description Name of the checkpoint */
                checkpoint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; no body. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
            501: components["responses"]["NotImplemented"];
        };
    };
    BuildCancel: {
        parameters: {
            query: {
                /** @description What the build was given as `buildid` */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancelled, or no such build */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    Grpc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection now carries HTTP/2, with the engine as server. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["ServerError"];
        };
    };
    Options: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Any path, of one segment or more */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Always */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
