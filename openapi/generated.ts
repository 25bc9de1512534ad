// Made by `npm run generate` from openapi/**/*.yaml; never edited.
// sources: 9aa715c00f6ad54a150177131d93e43fe654dffcec978682af622552d09e51a8

export interface paths {
    "/containers/json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** ContainerList */
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
        /** ContainerCreate */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerInspect */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerTop */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerLogs */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerChanges */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerExport */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerStats */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerResize */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerStart */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerStop */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerRestart */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerKill */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerUpdate */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerRename */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerPause */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerUnpause */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerAttach */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerAttachWebsocket */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerWait */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** ContainerDelete */
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
                id: string;
            };
            cookie?: never;
        };
        /** ContainerArchive */
        get: operations["ContainerArchive"];
        /** PutContainerArchive */
        put: operations["PutContainerArchive"];
        post?: never;
        delete?: never;
        options?: never;
        /** ContainerArchiveInfo */
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
        /** ContainerPrune */
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
        /** ImageList */
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
        /** ImageBuild */
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
        /** BuildPrune */
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
        /** ImageCreate */
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
                name: string;
            };
            cookie?: never;
        };
        /** ImageInspect */
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
                name: string;
            };
            cookie?: never;
        };
        /** ImageHistory */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ImagePush */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ImageTag */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** ImageDelete */
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
        /** ImageSearch */
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
        /** ImagePrune */
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
        /** SystemAuth */
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
        /** SystemInfo */
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
        /** SystemVersion */
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
        /** SystemPing */
        get: operations["SystemPing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** SystemPingHead */
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
        /** ImageCommit */
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
        /** SystemEvents */
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
        /** SystemDataUsage */
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
                name: string;
            };
            cookie?: never;
        };
        /** ImageGet */
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
        /** ImageGetAll */
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
        /** ImageLoad */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ContainerExec */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ExecStart */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ExecResize */
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
                id: string;
            };
            cookie?: never;
        };
        /** ExecInspect */
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
        /** VolumeList */
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
        /** VolumeCreate */
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
                name: string;
            };
            cookie?: never;
        };
        /** VolumeInspect */
        get: operations["VolumeInspect"];
        /** VolumeUpdate */
        put: operations["VolumeUpdate"];
        post?: never;
        /** VolumeDelete */
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
        /** VolumePrune */
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
        /** NetworkList */
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
                id: string;
            };
            cookie?: never;
        };
        /** NetworkInspect */
        get: operations["NetworkInspect"];
        put?: never;
        post?: never;
        /** NetworkDelete */
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
        /** NetworkCreate */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** NetworkConnect */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** NetworkDisconnect */
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
        /** NetworkPrune */
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
        /** PluginList */
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
        /** GetPluginPrivileges */
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
        /** PluginPull */
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
                name: string;
            };
            cookie?: never;
        };
        /** PluginInspect */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** PluginDelete */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** PluginEnable */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** PluginDisable */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** PluginUpgrade */
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
        /** PluginCreate */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** PluginPush */
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
                name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** PluginSet */
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
        /** NodeList */
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
                id: string;
            };
            cookie?: never;
        };
        /** NodeInspect */
        get: operations["NodeInspect"];
        put?: never;
        post?: never;
        /** NodeDelete */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** NodeUpdate */
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
        /** SwarmInspect */
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
        /** SwarmInit */
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
        /** SwarmJoin */
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
        /** SwarmLeave */
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
        /** SwarmUpdate */
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
        /** SwarmUnlockkey */
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
        /** SwarmUnlock */
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
        /** ServiceList */
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
        /** ServiceCreate */
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
                id: string;
            };
            cookie?: never;
        };
        /** ServiceInspect */
        get: operations["ServiceInspect"];
        put?: never;
        post?: never;
        /** ServiceDelete */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ServiceUpdate */
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
                id: string;
            };
            cookie?: never;
        };
        /** ServiceLogs */
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
        /** TaskList */
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
                id: string;
            };
            cookie?: never;
        };
        /** TaskInspect */
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
                id: string;
            };
            cookie?: never;
        };
        /** TaskLogs */
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
        /** SecretList */
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
        /** SecretCreate */
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
                id: string;
            };
            cookie?: never;
        };
        /** SecretInspect */
        get: operations["SecretInspect"];
        put?: never;
        post?: never;
        /** SecretDelete */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** SecretUpdate */
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
        /** ConfigList */
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
        /** ConfigCreate */
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
                id: string;
            };
            cookie?: never;
        };
        /** ConfigInspect */
        get: operations["ConfigInspect"];
        put?: never;
        post?: never;
        /** ConfigDelete */
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
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** ConfigUpdate */
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
                name: string;
            };
            cookie?: never;
        };
        /** DistributionInspect */
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
        /** Session */
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
                id: string;
            };
            cookie?: never;
        };
        /** CheckpointList */
        get: operations["CheckpointList"];
        put?: never;
        /** CheckpointCreate */
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
                id: string;
                checkpoint: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** CheckpointDelete */
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
        /** BuildCancel */
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
        /** Grpc */
        post: operations["Grpc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        BuildCache: {
            ID?: string;
            Parents?: string[] | null;
            /** @enum {string} */
            Type?: "internal" | "frontend" | "source.local" | "source.git.checkout" | "exec.cachemount" | "regular";
            Description?: string;
            InUse?: boolean;
            Shared?: boolean;
            Size?: number;
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            LastUsedAt?: string | null;
            UsageCount?: number;
        };
        BuildPruneResponse: {
            CachesDeleted?: string[] | null;
            /** Format: int64 */
            SpaceReclaimed?: number;
        };
        ClusterVolume: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Spec?: components["schemas"]["ClusterVolumeSpec"];
            Info?: {
                /** Format: int64 */
                CapacityBytes?: number;
                VolumeContext?: {
                    [key: string]: string;
                } | null;
                VolumeID?: string;
                AccessibleTopology?: components["schemas"]["Topology"][] | null;
            };
            PublishStatus?: {
                NodeID?: string;
                /** @enum {string} */
                State?: "pending-publish" | "published" | "pending-node-unpublish" | "pending-controller-unpublish";
                PublishContext?: {
                    [key: string]: string;
                } | null;
            }[] | null;
        };
        ClusterVolumeSpec: {
            Group?: string;
            AccessMode?: components["schemas"]["ClusterVolumeAccessMode"];
        };
        ClusterVolumeAccessMode: {
            /** @enum {string} */
            Scope?: "single" | "multi";
            /** @enum {string} */
            Sharing?: "none" | "readonly" | "onewriter" | "all";
            MountVolume?: Record<string, never>;
            Secrets?: {
                Key?: string;
                Secret?: string;
            }[] | null;
            AccessibilityRequirements?: {
                Requisite?: components["schemas"]["Topology"][] | null;
                Preferred?: components["schemas"]["Topology"][] | null;
            };
            CapacityRange?: {
                /** Format: int64 */
                RequiredBytes?: number;
                /** Format: int64 */
                LimitBytes?: number;
            };
            /** @enum {string} */
            Availability?: "active" | "pause" | "drain";
        };
        Topology: {
            Segments?: {
                [key: string]: string;
            } | null;
        };
        ConfigSpec: {
            Name?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            Data?: string;
            Templating?: components["schemas"]["Driver"];
        };
        Config: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Spec?: components["schemas"]["ConfigSpec"];
        };
        ContainerConfig: {
            Hostname?: string;
            Domainname?: string;
            User?: string;
            AttachStdin?: boolean;
            AttachStdout?: boolean;
            AttachStderr?: boolean;
            ExposedPorts?: {
                [key: string]: Record<string, never>;
            } | null;
            Tty?: boolean;
            OpenStdin?: boolean;
            StdinOnce?: boolean;
            Env?: string[] | null;
            Cmd?: string[] | null;
            Healthcheck?: components["schemas"]["HealthConfig"];
            ArgsEscaped?: boolean | null;
            Image?: string;
            Volumes?: {
                [key: string]: Record<string, never>;
            } | null;
            WorkingDir?: string;
            Entrypoint?: string[] | null;
            NetworkDisabled?: boolean | null;
            MacAddress?: string | null;
            OnBuild?: string[] | null;
            Labels?: {
                [key: string]: string;
            } | null;
            StopSignal?: string | null;
            StopTimeout?: number | null;
            Shell?: string[] | null;
        };
        HealthConfig: {
            Test?: string[] | null;
            /** Format: int64 */
            Interval?: number;
            /** Format: int64 */
            Timeout?: number;
            Retries?: number;
            /** Format: int64 */
            StartPeriod?: number;
            /** Format: int64 */
            StartInterval?: number;
        };
        ContainerCreateRequest: components["schemas"]["ContainerConfig"] & {
            HostConfig?: components["schemas"]["HostConfig"];
            NetworkingConfig?: components["schemas"]["NetworkingConfig"];
        };
        ContainerCreateResponse: {
            Id: string;
            Warnings: string[];
        };
        NetworkingConfig: {
            EndpointsConfig?: {
                [key: string]: components["schemas"]["EndpointSettings"];
            } | null;
        };
        ContainerStatsResponse: {
            name?: string | null;
            id?: string | null;
            /** Format: date-time */
            read?: string;
            /** Format: date-time */
            preread?: string;
            pids_stats?: components["schemas"]["ContainerPidsStats"];
            blkio_stats?: components["schemas"]["ContainerBlkioStats"];
            /** Format: uint32 */
            num_procs?: number;
            storage_stats?: components["schemas"]["ContainerStorageStats"];
            cpu_stats?: components["schemas"]["ContainerCPUStats"];
            precpu_stats?: components["schemas"]["ContainerCPUStats"];
            memory_stats?: components["schemas"]["ContainerMemoryStats"];
            networks?: {
                [key: string]: components["schemas"]["ContainerNetworkStats"];
            } | null;
        };
        ContainerBlkioStats: {
            io_service_bytes_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            io_serviced_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            io_queue_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            io_service_time_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            io_wait_time_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            io_merged_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            io_time_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
            sectors_recursive?: components["schemas"]["ContainerBlkioStatEntry"][] | null;
        } | null;
        ContainerBlkioStatEntry: {
            /** Format: uint64 */
            major?: number;
            /** Format: uint64 */
            minor?: number;
            op?: string;
            /** Format: uint64 */
            value?: number;
        } | null;
        ContainerCPUStats: {
            cpu_usage?: components["schemas"]["ContainerCPUUsage"];
            /** Format: uint64 */
            system_cpu_usage?: number | null;
            /** Format: uint32 */
            online_cpus?: number | null;
            throttling_data?: components["schemas"]["ContainerThrottlingData"];
        } | null;
        ContainerCPUUsage: {
            /** Format: uint64 */
            total_usage?: number;
            percpu_usage?: number[] | null;
            /** Format: uint64 */
            usage_in_kernelmode?: number;
            /** Format: uint64 */
            usage_in_usermode?: number;
        } | null;
        ContainerPidsStats: {
            /** Format: uint64 */
            current?: number | null;
            /** Format: uint64 */
            limit?: number | null;
        } | null;
        ContainerThrottlingData: {
            /** Format: uint64 */
            periods?: number;
            /** Format: uint64 */
            throttled_periods?: number;
            /** Format: uint64 */
            throttled_time?: number;
        } | null;
        ContainerMemoryStats: {
            /** Format: uint64 */
            usage?: number | null;
            /** Format: uint64 */
            max_usage?: number | null;
            stats?: {
                [key: string]: number | null;
            } | null;
            /** Format: uint64 */
            failcnt?: number | null;
            /** Format: uint64 */
            limit?: number | null;
            /** Format: uint64 */
            commitbytes?: number | null;
            /** Format: uint64 */
            commitpeakbytes?: number | null;
            /** Format: uint64 */
            privateworkingset?: number | null;
        };
        ContainerNetworkStats: {
            /** Format: uint64 */
            rx_bytes?: number;
            /** Format: uint64 */
            rx_packets?: number;
            /** Format: uint64 */
            rx_errors?: number;
            /** Format: uint64 */
            rx_dropped?: number;
            /** Format: uint64 */
            tx_bytes?: number;
            /** Format: uint64 */
            tx_packets?: number;
            /** Format: uint64 */
            tx_errors?: number;
            /** Format: uint64 */
            tx_dropped?: number;
            endpoint_id?: string | null;
            instance_id?: string | null;
        } | null;
        ContainerStorageStats: {
            /** Format: uint64 */
            read_count_normalized?: number | null;
            /** Format: uint64 */
            read_size_bytes?: number | null;
            /** Format: uint64 */
            write_count_normalized?: number | null;
            /** Format: uint64 */
            write_size_bytes?: number | null;
        } | null;
        ContainerInspectResponse: {
            Id?: string;
            /** Format: date-time */
            Created?: string | null;
            Path?: string;
            Args?: string[] | null;
            State?: components["schemas"]["ContainerState"];
            Image?: string;
            ResolvConfPath?: string;
            HostnamePath?: string;
            HostsPath?: string;
            LogPath?: string | null;
            Name?: string;
            RestartCount?: number;
            Driver?: string;
            Platform?: string;
            ImageManifestDescriptor?: components["schemas"]["OCIDescriptor"];
            MountLabel?: string;
            ProcessLabel?: string;
            AppArmorProfile?: string;
            ExecIDs?: string[] | null;
            HostConfig?: components["schemas"]["HostConfig"];
            GraphDriver?: components["schemas"]["DriverData"];
            /** Format: int64 */
            SizeRw?: number | null;
            /** Format: int64 */
            SizeRootFs?: number | null;
            Mounts?: components["schemas"]["MountPoint"][] | null;
            Config?: components["schemas"]["ContainerConfig"];
            NetworkSettings?: components["schemas"]["NetworkSettings"];
        };
        ContainerState: {
            /** @enum {string} */
            Status?: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
            Running?: boolean;
            Paused?: boolean;
            Restarting?: boolean;
            OOMKilled?: boolean;
            Dead?: boolean;
            Pid?: number;
            ExitCode?: number;
            Error?: string;
            StartedAt?: string;
            FinishedAt?: string;
            Health?: components["schemas"]["Health"];
        } | null;
        ContainerSummary: {
            Id?: string;
            Names?: string[] | null;
            Image?: string;
            ImageID?: string;
            ImageManifestDescriptor?: components["schemas"]["OCIDescriptor"] | null;
            Command?: string;
            /** Format: int64 */
            Created?: number;
            Ports?: components["schemas"]["Port"][] | null;
            /** Format: int64 */
            SizeRw?: number | null;
            /** Format: int64 */
            SizeRootFs?: number | null;
            Labels?: {
                [key: string]: string;
            } | null;
            /** @enum {string} */
            State?: "created" | "running" | "paused" | "restarting" | "exited" | "removing" | "dead";
            Status?: string;
            HostConfig?: components["schemas"]["ContainerSummaryHostConfig"];
            NetworkSettings?: components["schemas"]["ContainerSummaryNetworkSettings"];
            Mounts?: components["schemas"]["MountPoint"][] | null;
        };
        ContainerSummaryHostConfig: {
            NetworkMode?: string;
            Annotations?: {
                [key: string]: string;
            } | null;
        };
        ContainerSummaryNetworkSettings: {
            Networks?: {
                [key: string]: components["schemas"]["EndpointSettings"];
            } | null;
        };
        Health: {
            /** @enum {string} */
            Status?: "none" | "starting" | "healthy" | "unhealthy";
            FailingStreak?: number;
            Log?: components["schemas"]["HealthcheckResult"][] | null;
        } | null;
        HealthcheckResult: {
            /** Format: date-time */
            Start?: string;
            /** Format: date-time */
            End?: string;
            ExitCode?: number;
            Output?: string;
        } | null;
        ContainerTopResponse: {
            Titles?: string[] | null;
            Processes?: (string[] | null)[] | null;
        };
        ContainerWaitResponse: {
            /** Format: int64 */
            StatusCode: number;
            Error?: components["schemas"]["ContainerWaitExitError"];
        };
        ContainerWaitExitError: {
            Message?: string;
        };
        ContainerPruneResponse: {
            ContainersDeleted?: string[] | null;
            /** Format: int64 */
            SpaceReclaimed?: number;
        };
        FilesystemChange: {
            Path: string;
            Kind: components["schemas"]["ChangeType"];
        };
        /**
         * Format: uint8
         * @enum {integer}
         */
        ChangeType: 0 | 1 | 2;
        DriverData: {
            Name: string;
            Data: {
                [key: string]: string;
            };
        };
        IDResponse: {
            Id: string;
        };
        CheckpointSummary: {
            Name?: string;
        };
        CheckpointCreateRequest: {
            CheckpointID?: string;
            CheckpointDir?: string;
            Exit?: boolean;
        };
        NetworkSettings: {
            Bridge?: string;
            SandboxID?: string;
            HairpinMode?: boolean;
            LinkLocalIPv6Address?: string;
            LinkLocalIPv6PrefixLen?: number;
            Ports?: components["schemas"]["PortMap"];
            SandboxKey?: string;
            SecondaryIPAddresses?: components["schemas"]["Address"][] | null;
            SecondaryIPv6Addresses?: components["schemas"]["Address"][] | null;
            EndpointID?: string;
            Gateway?: string;
            GlobalIPv6Address?: string;
            GlobalIPv6PrefixLen?: number;
            IPAddress?: string;
            IPPrefixLen?: number;
            IPv6Gateway?: string;
            MacAddress?: string;
            Networks?: {
                [key: string]: components["schemas"]["EndpointSettings"];
            } | null;
        };
        Address: {
            Addr?: string;
            PrefixLen?: number;
        };
        PortMap: {
            [key: string]: components["schemas"]["PortBinding"][] | null;
        } | null;
        PortBinding: {
            HostIp?: string;
            HostPort?: string;
        };
        Port: {
            IP?: string;
            /** Format: uint16 */
            PrivatePort: number;
            /** Format: uint16 */
            PublicPort?: number;
            /** @enum {string} */
            Type: "tcp" | "udp" | "sctp";
        };
        EndpointSettings: {
            IPAMConfig?: components["schemas"]["EndpointIPAMConfig"];
            Links?: string[] | null;
            MacAddress?: string;
            Aliases?: string[] | null;
            DriverOpts?: {
                [key: string]: string;
            } | null;
            /** Format: int64 */
            GwPriority?: number;
            NetworkID?: string;
            EndpointID?: string;
            Gateway?: string;
            IPAddress?: string;
            IPPrefixLen?: number;
            IPv6Gateway?: string;
            GlobalIPv6Address?: string;
            /** Format: int64 */
            GlobalIPv6PrefixLen?: number;
            DNSNames?: string[] | null;
        };
        EndpointIPAMConfig: {
            IPv4Address?: string;
            IPv6Address?: string;
            LinkLocalIPs?: string[] | null;
        } | null;
        ExecConfig: {
            AttachStdin?: boolean;
            AttachStdout?: boolean;
            AttachStderr?: boolean;
            ConsoleSize?: number[] | null;
            DetachKeys?: string;
            Tty?: boolean;
            Env?: string[] | null;
            Cmd?: string[] | null;
            Privileged?: boolean;
            User?: string;
            WorkingDir?: string;
        };
        ExecStartConfig: {
            Detach?: boolean;
            Tty?: boolean;
            ConsoleSize?: number[] | null;
        };
        ExecInspectResponse: {
            CanRemove?: boolean;
            DetachKeys?: string;
            ID?: string;
            Running?: boolean;
            ExitCode?: number;
            ProcessConfig?: components["schemas"]["ProcessConfig"];
            OpenStdin?: boolean;
            OpenStderr?: boolean;
            OpenStdout?: boolean;
            ContainerID?: string;
            Pid?: number;
        };
        ProcessConfig: {
            privileged?: boolean;
            user?: string;
            tty?: boolean;
            entrypoint?: string;
            arguments?: string[] | null;
        };
        HostConfig: components["schemas"]["Resources"] & {
            Binds?: string[] | null;
            ContainerIDFile?: string;
            LogConfig?: {
                /** @enum {string} */
                Type?: "local" | "json-file" | "syslog" | "journald" | "gelf" | "fluentd" | "awslogs" | "splunk" | "etwlogs" | "none";
                Config?: {
                    [key: string]: string;
                } | null;
            };
            NetworkMode?: string;
            PortBindings?: components["schemas"]["PortMap"];
            RestartPolicy?: components["schemas"]["RestartPolicy"];
            AutoRemove?: boolean;
            VolumeDriver?: string;
            VolumesFrom?: string[] | null;
            Mounts?: components["schemas"]["Mount"][] | null;
            ConsoleSize?: number[] | null;
            Annotations?: {
                [key: string]: string;
            } | null;
            CapAdd?: string[] | null;
            CapDrop?: string[] | null;
            /** @enum {string} */
            CgroupnsMode?: "private" | "host";
            Dns?: string[] | null;
            DnsOptions?: string[] | null;
            DnsSearch?: string[] | null;
            ExtraHosts?: string[] | null;
            GroupAdd?: string[] | null;
            IpcMode?: string;
            Cgroup?: string;
            Links?: string[] | null;
            OomScoreAdj?: number;
            PidMode?: string;
            Privileged?: boolean;
            PublishAllPorts?: boolean;
            ReadonlyRootfs?: boolean;
            SecurityOpt?: string[] | null;
            StorageOpt?: {
                [key: string]: string;
            } | null;
            Tmpfs?: {
                [key: string]: string;
            } | null;
            UTSMode?: string;
            UsernsMode?: string;
            /** Format: int64 */
            ShmSize?: number;
            Sysctls?: {
                [key: string]: string;
            } | null;
            Runtime?: string | null;
            /** @enum {string} */
            Isolation?: "default" | "process" | "hyperv" | "";
            MaskedPaths?: string[] | null;
            ReadonlyPaths?: string[] | null;
        };
        Resources: {
            CpuShares?: number;
            /** Format: int64 */
            Memory?: number;
            CgroupParent?: string;
            BlkioWeight?: number;
            BlkioWeightDevice?: {
                Path?: string;
                Weight?: number;
            }[] | null;
            BlkioDeviceReadBps?: components["schemas"]["ThrottleDevice"][] | null;
            BlkioDeviceWriteBps?: components["schemas"]["ThrottleDevice"][] | null;
            BlkioDeviceReadIOps?: components["schemas"]["ThrottleDevice"][] | null;
            BlkioDeviceWriteIOps?: components["schemas"]["ThrottleDevice"][] | null;
            /** Format: int64 */
            CpuPeriod?: number;
            /** Format: int64 */
            CpuQuota?: number;
            /** Format: int64 */
            CpuRealtimePeriod?: number;
            /** Format: int64 */
            CpuRealtimeRuntime?: number;
            CpusetCpus?: string;
            CpusetMems?: string;
            Devices?: components["schemas"]["DeviceMapping"][] | null;
            DeviceCgroupRules?: string[] | null;
            DeviceRequests?: components["schemas"]["DeviceRequest"][] | null;
            /** Format: int64 */
            KernelMemoryTCP?: number;
            /** Format: int64 */
            MemoryReservation?: number;
            /** Format: int64 */
            MemorySwap?: number;
            /** Format: int64 */
            MemorySwappiness?: number;
            /** Format: int64 */
            NanoCpus?: number;
            OomKillDisable?: boolean;
            Init?: boolean | null;
            /** Format: int64 */
            PidsLimit?: number | null;
            Ulimits?: {
                Name?: string;
                Soft?: number;
                Hard?: number;
            }[] | null;
            /** Format: int64 */
            CpuCount?: number;
            /** Format: int64 */
            CpuPercent?: number;
            /** Format: int64 */
            IOMaximumIOps?: number;
            /** Format: int64 */
            IOMaximumBandwidth?: number;
        };
        Limit: {
            /** Format: int64 */
            NanoCPUs?: number;
            /** Format: int64 */
            MemoryBytes?: number;
            /** Format: int64 */
            Pids?: number;
        };
        DeviceMapping: {
            PathOnHost?: string;
            PathInContainer?: string;
            CgroupPermissions?: string;
        };
        DeviceRequest: {
            Driver?: string;
            Count?: number;
            DeviceIDs?: string[] | null;
            Capabilities?: (string[] | null)[] | null;
            Options?: {
                [key: string]: string;
            } | null;
        };
        ThrottleDevice: {
            Path?: string;
            /** Format: int64 */
            Rate?: number;
        };
        RestartPolicy: {
            /** @enum {string} */
            Name?: "" | "no" | "always" | "unless-stopped" | "on-failure";
            MaximumRetryCount?: number;
        };
        ContainerUpdateRequest: components["schemas"]["Resources"] & {
            RestartPolicy?: components["schemas"]["RestartPolicy"];
        };
        ContainerUpdateResponse: {
            Warnings?: string[] | null;
        };
        ImageInspect: {
            Id?: string;
            Descriptor?: components["schemas"]["OCIDescriptor"] | null;
            Manifests?: components["schemas"]["ImageManifestSummary"][] | null;
            RepoTags?: string[] | null;
            RepoDigests?: string[] | null;
            Parent?: string;
            Comment?: string;
            /** Format: date-time */
            Created?: string | null;
            DockerVersion?: string;
            Author?: string;
            Config?: components["schemas"]["ImageConfig"];
            Architecture?: string;
            Variant?: string | null;
            Os?: string;
            OsVersion?: string | null;
            /** Format: int64 */
            Size?: number;
            GraphDriver?: components["schemas"]["DriverData"];
            RootFS?: components["schemas"]["ImageRootFS"];
            Metadata?: components["schemas"]["ImageMetadata"];
        };
        ImageSummary: {
            Id: string;
            ParentId: string;
            RepoTags: string[];
            RepoDigests: string[];
            Created: number;
            /** Format: int64 */
            Size: number;
            /** Format: int64 */
            SharedSize: number;
            Labels: {
                [key: string]: string;
            };
            Containers: number;
            Manifests?: components["schemas"]["ImageManifestSummary"][];
            Descriptor?: components["schemas"]["OCIDescriptor"] | null;
        };
        ImageConfig: {
            User?: string;
            ExposedPorts?: {
                [key: string]: Record<string, never>;
            } | null;
            Env?: string[] | null;
            Cmd?: string[] | null;
            Healthcheck?: components["schemas"]["HealthConfig"];
            ArgsEscaped?: boolean | null;
            Volumes?: {
                [key: string]: Record<string, never>;
            } | null;
            WorkingDir?: string;
            Entrypoint?: string[] | null;
            OnBuild?: string[] | null;
            Labels?: {
                [key: string]: string;
            } | null;
            StopSignal?: string | null;
            Shell?: string[] | null;
        };
        ImageRootFS: {
            Type: string;
            Layers?: string[] | null;
        };
        ImageMetadata: {
            /** Format: date-time */
            LastTagTime?: string | null;
        };
        ImageManifestSummary: {
            ID: string;
            Descriptor: components["schemas"]["OCIDescriptor"];
            Available: boolean;
            Size: {
                /** Format: int64 */
                Total: number;
                /** Format: int64 */
                Content: number;
            };
            /** @enum {string} */
            Kind: "image" | "attestation" | "unknown";
            ImageData?: components["schemas"]["ImageManifestImageData"];
            AttestationData?: components["schemas"]["ImageManifestAttestationData"];
        };
        ImageManifestImageData: {
            Platform: components["schemas"]["OCIPlatform"];
            Containers: string[] | null;
            Size: {
                /** Format: int64 */
                Unpacked: number;
            };
        } | null;
        ImageManifestAttestationData: {
            For: string;
        } | null;
        ImageHistoryResponseItem: {
            Id: string;
            /** Format: int64 */
            Created: number;
            CreatedBy: string;
            Tags: string[] | null;
            /** Format: int64 */
            Size: number;
            Comment: string;
        };
        ImageDeleteResponseItem: {
            Untagged?: string;
            Deleted?: string;
        };
        ImageSearchResponseItem: {
            description?: string;
            is_official?: boolean;
            is_automated?: boolean;
            name?: string;
            star_count?: number;
        };
        ImagePruneResponse: {
            ImagesDeleted?: components["schemas"]["ImageDeleteResponseItem"][] | null;
            /** Format: int64 */
            SpaceReclaimed?: number;
        };
        OCIDescriptor: {
            mediaType?: string;
            digest?: string;
            /** Format: int64 */
            size?: number;
            urls?: string[] | null;
            annotations?: {
                [key: string]: string;
            } | null;
            data?: string | null;
            platform?: components["schemas"]["OCIPlatform"];
            artifactType?: string | null;
        };
        OCIPlatform: {
            architecture?: string;
            os?: string;
            "os.version"?: string;
            "os.features"?: string[] | null;
            variant?: string;
        } | null;
        DistributionInspect: {
            Descriptor: components["schemas"]["OCIDescriptor"];
            Platforms: components["schemas"]["OCIPlatform"][] | null;
        };
        Mount: {
            Target?: string;
            Source?: string;
            Type?: components["schemas"]["MountType"];
            ReadOnly?: boolean;
            Consistency?: string;
            BindOptions?: components["schemas"]["MountBindOptions"];
            VolumeOptions?: components["schemas"]["MountVolumeOptions"];
            ImageOptions?: components["schemas"]["MountImageOptions"];
            TmpfsOptions?: components["schemas"]["MountTmpfsOptions"];
        };
        /** @enum {string} */
        MountType: "bind" | "cluster" | "image" | "npipe" | "tmpfs" | "volume";
        MountPoint: {
            Type?: components["schemas"]["MountType"];
            Name?: string;
            Source?: string;
            Destination?: string;
            Driver?: string;
            Mode?: string;
            RW?: boolean;
            Propagation?: string;
        };
        MountBindOptions: {
            /** @enum {string} */
            Propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave";
            NonRecursive?: boolean;
            CreateMountpoint?: boolean;
            ReadOnlyNonRecursive?: boolean;
            ReadOnlyForceRecursive?: boolean;
        };
        MountVolumeOptions: {
            NoCopy?: boolean;
            Labels?: {
                [key: string]: string;
            } | null;
            DriverConfig?: {
                Name?: string;
                Options?: {
                    [key: string]: string;
                } | null;
            };
            Subpath?: string;
        };
        MountImageOptions: {
            Subpath?: string;
        };
        MountTmpfsOptions: {
            /** Format: int64 */
            SizeBytes?: number;
            Mode?: number;
            Options?: (string[] | null)[] | null;
        };
        Network: {
            Name?: string;
            Id?: string;
            /** Format: date-time */
            Created?: string;
            Scope?: string;
            Driver?: string;
            EnableIPv4?: boolean;
            EnableIPv6?: boolean;
            IPAM?: components["schemas"]["IPAM"];
            Internal?: boolean;
            Attachable?: boolean;
            Ingress?: boolean;
            ConfigFrom?: components["schemas"]["ConfigReference"];
            ConfigOnly?: boolean;
            Containers?: {
                [key: string]: components["schemas"]["NetworkContainer"];
            } | null;
            Options?: {
                [key: string]: string;
            } | null;
            Labels?: {
                [key: string]: string;
            } | null;
            Peers?: components["schemas"]["PeerInfo"][] | null;
        };
        ConfigReference: {
            Network?: string;
        };
        IPAM: {
            Driver?: string;
            Config?: components["schemas"]["IPAMConfig"][] | null;
            Options?: {
                [key: string]: string;
            } | null;
        };
        IPAMConfig: {
            Subnet?: string;
            IPRange?: string;
            Gateway?: string;
            AuxiliaryAddresses?: {
                [key: string]: string;
            } | null;
        };
        NetworkContainer: {
            Name?: string;
            EndpointID?: string;
            MacAddress?: string;
            IPv4Address?: string;
            IPv6Address?: string;
        };
        PeerInfo: {
            Name?: string;
            IP?: string;
        };
        NetworkCreateRequest: {
            Name?: string;
            Driver?: string;
            Scope?: string;
            Internal?: boolean;
            Attachable?: boolean;
            Ingress?: boolean;
            ConfigOnly?: boolean;
            ConfigFrom?: components["schemas"]["ConfigReference"];
            IPAM?: components["schemas"]["IPAM"];
            EnableIPv4?: boolean;
            EnableIPv6?: boolean;
            Options?: {
                [key: string]: string;
            } | null;
            Labels?: {
                [key: string]: string;
            } | null;
        };
        NetworkCreateResponse: {
            Id: string;
            Warning: string;
        };
        NetworkConnectRequest: {
            Container?: string;
            EndpointConfig?: components["schemas"]["EndpointSettings"];
        };
        NetworkDisconnectRequest: {
            Container?: string;
            Force?: boolean;
        };
        NetworkPruneResponse: {
            NetworksDeleted?: string[] | null;
        };
        NodeSpec: {
            Name?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            /** @enum {string} */
            Role?: "worker" | "manager";
            /** @enum {string} */
            Availability?: "active" | "pause" | "drain";
        };
        Node: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Spec?: components["schemas"]["NodeSpec"];
            Description?: components["schemas"]["NodeDescription"];
            Status?: components["schemas"]["NodeStatus"];
            ManagerStatus?: components["schemas"]["ManagerStatus"];
        };
        NodeDescription: {
            Hostname?: string;
            Platform?: components["schemas"]["Platform"];
            Resources?: components["schemas"]["ResourceObject"];
            Engine?: components["schemas"]["EngineDescription"];
            TLSInfo?: components["schemas"]["TLSInfo"];
        };
        Platform: {
            Architecture?: string;
            OS?: string;
        };
        EngineDescription: {
            EngineVersion?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            Plugins?: {
                Type?: string;
                Name?: string;
            }[] | null;
        };
        NodeStatus: {
            State?: components["schemas"]["NodeState"];
            Message?: string;
            Addr?: string;
        };
        /** @enum {string} */
        NodeState: "unknown" | "down" | "ready" | "disconnected";
        ManagerStatus: {
            Leader?: boolean;
            Reachability?: components["schemas"]["Reachability"];
            Addr?: string;
        } | null;
        /** @enum {string} */
        Reachability: "unknown" | "unreachable" | "reachable";
        ResourceObject: {
            /** Format: int64 */
            NanoCPUs?: number;
            /** Format: int64 */
            MemoryBytes?: number;
            GenericResources?: components["schemas"]["GenericResources"];
        };
        GenericResources: {
            NamedResourceSpec?: {
                Kind?: string;
                Value?: string;
            };
            DiscreteResourceSpec?: {
                Kind?: string;
                /** Format: int64 */
                Value?: number;
            };
        }[] | null;
        Plugin: {
            Id?: string;
            Name: string;
            Enabled: boolean;
            Settings: components["schemas"]["PluginSettings"];
            PluginReference?: string;
            Config: components["schemas"]["PluginConfig"];
        };
        PluginSettings: {
            Mounts: components["schemas"]["PluginMount"][] | null;
            Env: string[] | null;
            Args: string[] | null;
            Devices: components["schemas"]["PluginDevice"][] | null;
        };
        PluginConfig: {
            DockerVersion?: string;
            Description: string;
            Documentation: string;
            Interface: {
                Types: components["schemas"]["PluginInterfaceType"][] | null;
                Socket: string;
                /** @enum {string} */
                ProtocolScheme?: "" | "moby.plugins.http/v1";
            };
            Entrypoint: string[] | null;
            WorkDir: string;
            User?: {
                /** Format: uint32 */
                UID?: number;
                /** Format: uint32 */
                GID?: number;
            };
            Network: {
                Type: string;
            };
            Linux: {
                Capabilities: string[] | null;
                AllowAllDevices: boolean;
                Devices: components["schemas"]["PluginDevice"][] | null;
            };
            PropagatedMount: string;
            IpcHost: boolean;
            PidHost: boolean;
            Mounts: components["schemas"]["PluginMount"][] | null;
            Env: components["schemas"]["PluginEnv"][] | null;
            Args: {
                Name: string;
                Description: string;
                Settable: string[] | null;
                Value: string[] | null;
            };
            rootfs?: {
                type?: string;
                diff_ids?: string[] | null;
            };
        };
        PluginMount: {
            Name: string;
            Description: string;
            Settable: string[] | null;
            Source: string;
            Destination: string;
            Type: string;
            Options: string[] | null;
        };
        PluginDevice: {
            Name: string;
            Description: string;
            Settable: string[] | null;
            Path: string;
        };
        PluginEnv: {
            Name: string;
            Description: string;
            Settable: string[] | null;
            Value: string;
        };
        PluginInterfaceType: {
            Prefix: string;
            Capability: string;
            Version: string;
        };
        PluginPrivilege: {
            Name?: string;
            Description?: string;
            Value?: string[] | null;
        };
        BuildInfo: {
            id?: string;
            stream?: string;
            error?: string | null;
            errorDetail?: components["schemas"]["ErrorDetail"];
            status?: string;
            progress?: string | null;
            progressDetail?: components["schemas"]["ProgressDetail"];
            aux?: components["schemas"]["ImageID"];
        };
        CreateImageInfo: {
            id?: string;
            error?: string | null;
            errorDetail?: components["schemas"]["ErrorDetail"];
            status?: string;
            progress?: string | null;
            progressDetail?: components["schemas"]["ProgressDetail"];
        };
        PushImageInfo: {
            error?: string | null;
            errorDetail?: components["schemas"]["ErrorDetail"];
            status?: string;
            progress?: string | null;
            progressDetail?: components["schemas"]["ProgressDetail"];
        };
        ErrorDetail: {
            code?: number;
            message?: string;
        };
        ProgressDetail: {
            current?: number;
            total?: number;
        };
        ImageID: {
            ID?: string;
        };
        Driver: {
            Name?: string;
            Options?: {
                [key: string]: string;
            };
        };
        SecretSpec: {
            Name?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            Data?: string;
            Driver?: components["schemas"]["Driver"];
            Templating?: components["schemas"]["Driver"];
        };
        Secret: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Spec?: components["schemas"]["SecretSpec"];
        };
        ServiceSpec: {
            Name?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            TaskTemplate?: components["schemas"]["TaskSpec"];
            Mode?: components["schemas"]["ServiceMode"];
            UpdateConfig?: components["schemas"]["ServiceUpdateConfig"];
            RollbackConfig?: components["schemas"]["ServiceRollbackConfig"];
            Networks?: components["schemas"]["NetworkAttachmentConfig"][] | null;
            EndpointSpec?: components["schemas"]["EndpointSpec"];
        };
        ServiceMode: {
            Replicated?: {
                /** Format: int64 */
                Replicas?: number;
            };
            Global?: Record<string, never>;
            ReplicatedJob?: {
                /** Format: int64 */
                MaxConcurrent?: number;
                /** Format: int64 */
                TotalCompletions?: number;
            };
            GlobalJob?: Record<string, never>;
        };
        ServiceUpdateConfig: {
            /** Format: int64 */
            Parallelism?: number;
            /** Format: int64 */
            Delay?: number;
            /** @enum {string} */
            FailureAction?: "continue" | "pause" | "rollback";
            /** Format: int64 */
            Monitor?: number;
            MaxFailureRatio?: number;
            /** @enum {string} */
            Order?: "stop-first" | "start-first";
        };
        ServiceRollbackConfig: {
            /** Format: int64 */
            Parallelism?: number;
            /** Format: int64 */
            Delay?: number;
            /** @enum {string} */
            FailureAction?: "continue" | "pause";
            /** Format: int64 */
            Monitor?: number;
            MaxFailureRatio?: number;
            /** @enum {string} */
            Order?: "stop-first" | "start-first";
        };
        EndpointPortConfig: {
            Name?: string;
            /** @enum {string} */
            Protocol?: "tcp" | "udp" | "sctp";
            TargetPort?: number;
            PublishedPort?: number;
            /** @enum {string} */
            PublishMode?: "ingress" | "host";
        };
        EndpointSpec: {
            /** @enum {string} */
            Mode?: "vip" | "dnsrr";
            Ports?: components["schemas"]["EndpointPortConfig"][] | null;
        };
        Service: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Spec?: components["schemas"]["ServiceSpec"];
            Endpoint?: components["schemas"]["ServiceEndpoint"];
            UpdateStatus?: components["schemas"]["ServiceUpdateStatus"];
            ServiceStatus?: components["schemas"]["ServiceStatus"];
            JobStatus?: components["schemas"]["ServiceJobStatus"];
        };
        ServiceEndpoint: {
            Spec?: components["schemas"]["EndpointSpec"];
            Ports?: components["schemas"]["EndpointPortConfig"][] | null;
            VirtualIPs?: {
                NetworkID?: string;
                Addr?: string;
            }[] | null;
        };
        ServiceUpdateStatus: {
            /** @enum {string} */
            State?: "updating" | "paused" | "completed";
            /** Format: date-time */
            StartedAt?: string;
            /** Format: date-time */
            CompletedAt?: string;
            Message?: string;
        };
        ServiceStatus: {
            /** Format: uint64 */
            RunningTasks?: number;
            /** Format: uint64 */
            DesiredTasks?: number;
            /** Format: uint64 */
            CompletedTasks?: number;
        };
        ServiceJobStatus: {
            JobIteration?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            LastExecution?: string;
        };
        ServiceCreateResponse: {
            ID?: string;
            Warnings?: string[] | null;
        };
        ServiceUpdateResponse: {
            Warnings?: string[] | null;
        };
        SwarmSpec: {
            Name?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            Orchestration?: components["schemas"]["SwarmOrchestrationSpec"];
            Raft?: components["schemas"]["SwarmRaftSpec"];
            Dispatcher?: components["schemas"]["SwarmDispatcherSpec"];
            CAConfig?: components["schemas"]["SwarmCAConfig"];
            EncryptionConfig?: components["schemas"]["SwarmEncryptionConfig"];
            TaskDefaults?: components["schemas"]["SwarmTaskDefaults"];
        };
        SwarmOrchestrationSpec: {
            /** Format: int64 */
            TaskHistoryRetentionLimit?: number;
        } | null;
        SwarmRaftSpec: {
            /** Format: uint64 */
            SnapshotInterval?: number;
            /** Format: uint64 */
            KeepOldSnapshots?: number;
            /** Format: uint64 */
            LogEntriesForSlowFollowers?: number;
            ElectionTick?: number;
            HeartbeatTick?: number;
        };
        SwarmDispatcherSpec: {
            /** Format: int64 */
            HeartbeatPeriod?: number;
        } | null;
        SwarmCAConfig: {
            /** Format: int64 */
            NodeCertExpiry?: number;
            ExternalCAs?: {
                /** @enum {string} */
                Protocol?: "cfssl";
                URL?: string;
                Options?: {
                    [key: string]: string;
                } | null;
                CACert?: string;
            }[] | null;
            SigningCACert?: string;
            SigningCAKey?: string;
            /** Format: uint64 */
            ForceRotate?: number;
        } | null;
        SwarmEncryptionConfig: {
            AutoLockManagers?: boolean;
        };
        SwarmTaskDefaults: {
            LogDriver?: {
                Name?: string;
                Options?: {
                    [key: string]: string;
                } | null;
            };
        };
        ClusterInfo: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Spec?: components["schemas"]["SwarmSpec"];
            TLSInfo?: components["schemas"]["TLSInfo"];
            RootRotationInProgress?: boolean;
            /** Format: uint32 */
            DataPathPort?: number;
            DefaultAddrPool?: string[] | null;
            /** Format: uint32 */
            SubnetSize?: number;
        } | null;
        JoinTokens: {
            Worker?: string;
            Manager?: string;
        };
        Swarm: components["schemas"]["ClusterInfo"] & {
            JoinTokens?: components["schemas"]["JoinTokens"];
        };
        SwarmInitRequest: {
            ListenAddr?: string;
            AdvertiseAddr?: string;
            DataPathAddr?: string;
            /** Format: uint32 */
            DataPathPort?: number;
            DefaultAddrPool?: string[] | null;
            ForceNewCluster?: boolean;
            /** Format: uint32 */
            SubnetSize?: number;
            Spec?: components["schemas"]["SwarmSpec"];
        };
        SwarmJoinRequest: {
            ListenAddr?: string;
            AdvertiseAddr?: string;
            DataPathAddr?: string;
            RemoteAddrs?: string[] | null;
            JoinToken?: string;
        };
        SwarmUnlockRequest: {
            UnlockKey?: string;
        };
        SwarmUnlockKeyResponse: {
            UnlockKey?: string;
        };
        TLSInfo: {
            TrustRoot?: string;
            CertIssuerSubject?: string;
            CertIssuerPublicKey?: string;
        };
        ObjectVersion: {
            /** Format: uint64 */
            Index?: number;
        };
        SystemInfo: {
            ID?: string;
            Containers?: number;
            ContainersRunning?: number;
            ContainersPaused?: number;
            ContainersStopped?: number;
            Images?: number;
            Driver?: string;
            DriverStatus?: (string[] | null)[] | null;
            DockerRootDir?: string;
            Plugins?: components["schemas"]["PluginsInfo"];
            MemoryLimit?: boolean;
            SwapLimit?: boolean;
            KernelMemoryTCP?: boolean;
            CpuCfsPeriod?: boolean;
            CpuCfsQuota?: boolean;
            CPUShares?: boolean;
            CPUSet?: boolean;
            PidsLimit?: boolean;
            OomKillDisable?: boolean;
            IPv4Forwarding?: boolean;
            Debug?: boolean;
            NFd?: number;
            NGoroutines?: number;
            SystemTime?: string;
            LoggingDriver?: string;
            /** @enum {string} */
            CgroupDriver?: "cgroupfs" | "systemd" | "none";
            /** @enum {string} */
            CgroupVersion?: "1" | "2";
            NEventsListener?: number;
            KernelVersion?: string;
            OperatingSystem?: string;
            OSVersion?: string;
            OSType?: string;
            Architecture?: string;
            NCPU?: number;
            /** Format: int64 */
            MemTotal?: number;
            IndexServerAddress?: string;
            RegistryConfig?: components["schemas"]["RegistryServiceConfig"];
            GenericResources?: components["schemas"]["GenericResources"];
            HttpProxy?: string;
            HttpsProxy?: string;
            NoProxy?: string;
            Name?: string;
            Labels?: string[] | null;
            ExperimentalBuild?: boolean;
            ServerVersion?: string;
            Runtimes?: {
                [key: string]: components["schemas"]["Runtime"];
            } | null;
            DefaultRuntime?: string;
            Swarm?: components["schemas"]["SwarmInfo"];
            LiveRestoreEnabled?: boolean;
            /** @enum {string} */
            Isolation?: "default" | "hyperv" | "process" | "";
            InitBinary?: string;
            ContainerdCommit?: components["schemas"]["Commit"];
            RuncCommit?: components["schemas"]["Commit"];
            InitCommit?: components["schemas"]["Commit"];
            SecurityOptions?: string[] | null;
            ProductLicense?: string;
            DefaultAddressPools?: {
                Base?: string;
                Size?: number;
            }[] | null;
            FirewallBackend?: components["schemas"]["FirewallInfo"];
            DiscoveredDevices?: components["schemas"]["DeviceInfo"][] | null;
            Warnings?: string[] | null;
            CDISpecDirs?: string[] | null;
            Containerd?: components["schemas"]["ContainerdInfo"];
        };
        ContainerdInfo: {
            Address?: string;
            Namespaces?: {
                Containers?: string;
                Plugins?: string;
            };
        } | null;
        FirewallInfo: {
            Driver?: string;
            Info?: (string[] | null)[] | null;
        } | null;
        PluginsInfo: {
            Volume?: string[] | null;
            Network?: string[] | null;
            Authorization?: string[] | null;
            Log?: string[] | null;
        };
        RegistryServiceConfig: {
            InsecureRegistryCIDRs?: string[] | null;
            IndexConfigs?: {
                [key: string]: components["schemas"]["IndexInfo"];
            } | null;
            Mirrors?: string[] | null;
        } | null;
        IndexInfo: {
            Name?: string;
            Mirrors?: string[] | null;
            Secure?: boolean;
            Official?: boolean;
        } | null;
        Runtime: {
            path?: string;
            runtimeArgs?: string[] | null;
            status?: {
                [key: string]: string;
            } | null;
        };
        Commit: {
            ID?: string;
        };
        SwarmInfo: {
            NodeID?: string;
            NodeAddr?: string;
            LocalNodeState?: components["schemas"]["LocalNodeState"];
            ControlAvailable?: boolean;
            Error?: string;
            RemoteManagers?: components["schemas"]["PeerNode"][] | null;
            Nodes?: number | null;
            Managers?: number | null;
            Cluster?: components["schemas"]["ClusterInfo"];
        };
        /** @enum {string} */
        LocalNodeState: "" | "inactive" | "pending" | "active" | "error" | "locked";
        PeerNode: {
            NodeID?: string;
            Addr?: string;
        };
        DeviceInfo: {
            Source?: string;
            ID?: string;
        };
        SystemVersion: {
            Platform?: components["schemas"]["SystemVersionPlatform"];
            Components?: components["schemas"]["SystemVersionComponent"][] | null;
            Version?: string;
            ApiVersion?: string;
            MinAPIVersion?: string;
            GitCommit?: string;
            GoVersion?: string;
            Os?: string;
            Arch?: string;
            KernelVersion?: string;
            Experimental?: boolean;
            BuildTime?: string;
        };
        SystemVersionPlatform: {
            Name: string;
        };
        SystemVersionComponent: {
            Name: string;
            Version: string;
            Details?: Record<string, never> | null;
        };
        AuthConfig: {
            username?: string;
            password?: string;
            email?: string;
            serveraddress?: string;
        };
        SystemAuthResponse: {
            Status: string;
            IdentityToken?: string;
        };
        EventActor: {
            ID?: string;
            Attributes?: {
                [key: string]: string;
            } | null;
        };
        EventMessage: {
            /** @enum {string} */
            Type?: "builder" | "config" | "container" | "daemon" | "image" | "network" | "node" | "plugin" | "secret" | "service" | "volume";
            Action?: string;
            Actor?: components["schemas"]["EventActor"];
            /** @enum {string} */
            scope?: "local" | "swarm";
            /** Format: int64 */
            time?: number;
            /** Format: int64 */
            timeNano?: number;
        };
        SystemDataUsageResponse: {
            /** Format: int64 */
            LayersSize?: number;
            Images?: components["schemas"]["ImageSummary"][] | null;
            Containers?: components["schemas"]["ContainerSummary"][] | null;
            Volumes?: components["schemas"]["Volume"][] | null;
            BuildCache?: components["schemas"]["BuildCache"][] | null;
        };
        ErrorResponse: {
            message: string;
        };
        TaskSpec: {
            PluginSpec?: components["schemas"]["TaskPluginSpec"];
            ContainerSpec?: components["schemas"]["TaskContainerSpec"];
            NetworkAttachmentSpec?: components["schemas"]["TaskNetworkAttachmentSpec"];
            Resources?: components["schemas"]["TaskResources"];
            RestartPolicy?: components["schemas"]["TaskRestartPolicy"];
            Placement?: components["schemas"]["TaskPlacement"];
            /** Format: uint64 */
            ForceUpdate?: number;
            Runtime?: string;
            Networks?: components["schemas"]["NetworkAttachmentConfig"][] | null;
            LogDriver?: components["schemas"]["TaskLogDriver"];
        };
        TaskPluginSpec: {
            Name?: string;
            Remote?: string;
            Disabled?: boolean;
            PluginPrivilege?: components["schemas"]["PluginPrivilege"][] | null;
        };
        TaskContainerSpec: {
            Image?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            Command?: string[] | null;
            Args?: string[] | null;
            Hostname?: string;
            Env?: string[] | null;
            Dir?: string;
            User?: string;
            Groups?: string[] | null;
            Privileges?: components["schemas"]["TaskPrivileges"];
            TTY?: boolean;
            OpenStdin?: boolean;
            ReadOnly?: boolean;
            Mounts?: components["schemas"]["Mount"][] | null;
            StopSignal?: string;
            /** Format: int64 */
            StopGracePeriod?: number;
            HealthCheck?: components["schemas"]["HealthConfig"];
            Hosts?: string[] | null;
            DNSConfig?: components["schemas"]["TaskDNSConfig"];
            Secrets?: components["schemas"]["TaskSecretReference"][] | null;
            /** Format: int64 */
            OomScoreAdj?: number;
            Configs?: components["schemas"]["TaskConfigReference"][] | null;
            /** @enum {string} */
            Isolation?: "default" | "process" | "hyperv" | "";
            Init?: boolean | null;
            Sysctls?: {
                [key: string]: string;
            } | null;
            CapabilityAdd?: string[] | null;
            CapabilityDrop?: string[] | null;
            Ulimits?: {
                Name?: string;
                Soft?: number;
                Hard?: number;
            }[] | null;
        };
        TaskPrivileges: {
            CredentialSpec?: {
                Config?: string;
                File?: string;
                Registry?: string;
            };
            SELinuxContext?: {
                Disable?: boolean;
                User?: string;
                Role?: string;
                Type?: string;
                Level?: string;
            };
            Seccomp?: {
                /** @enum {string} */
                Mode?: "default" | "unconfined" | "custom";
                Profile?: string;
            };
            AppArmor?: {
                /** @enum {string} */
                Mode?: "default" | "disabled";
            };
            NoNewPrivileges?: boolean;
        };
        TaskDNSConfig: {
            Nameservers?: string[] | null;
            Search?: string[] | null;
            Options?: string[] | null;
        };
        TaskSecretReference: {
            File?: {
                Name?: string;
                UID?: string;
                GID?: string;
                /** Format: uint32 */
                Mode?: number;
            };
            SecretID?: string;
            SecretName?: string;
        };
        TaskConfigReference: {
            File?: {
                Name?: string;
                UID?: string;
                GID?: string;
                /** Format: uint32 */
                Mode?: number;
            };
            Runtime?: Record<string, never>;
            ConfigID?: string;
            ConfigName?: string;
        };
        TaskNetworkAttachmentSpec: {
            ContainerID?: string;
        };
        TaskResources: {
            Limits?: components["schemas"]["Limit"];
            Reservations?: components["schemas"]["ResourceObject"];
        };
        TaskRestartPolicy: {
            /** @enum {string} */
            Condition?: "none" | "on-failure" | "any";
            /** Format: int64 */
            Delay?: number;
            /** Format: int64 */
            MaxAttempts?: number;
            /** Format: int64 */
            Window?: number;
        };
        TaskPlacement: {
            Constraints?: string[] | null;
            Preferences?: {
                Spread?: {
                    SpreadDescriptor?: string;
                };
            }[] | null;
            /** Format: int64 */
            MaxReplicas?: number;
            Platforms?: components["schemas"]["Platform"][] | null;
        };
        TaskLogDriver: {
            Name?: string;
            Options?: {
                [key: string]: string;
            } | null;
        };
        /** @enum {string} */
        TaskState: "new" | "allocated" | "pending" | "assigned" | "accepted" | "preparing" | "ready" | "starting" | "running" | "complete" | "shutdown" | "failed" | "rejected" | "remove" | "orphaned";
        ContainerStatus: {
            ContainerID?: string;
            PID?: number;
            ExitCode?: number;
        };
        PortStatus: {
            Ports?: components["schemas"]["EndpointPortConfig"][] | null;
        };
        TaskStatus: {
            /** Format: date-time */
            Timestamp?: string;
            State?: components["schemas"]["TaskState"];
            Message?: string;
            Err?: string;
            ContainerStatus?: components["schemas"]["ContainerStatus"];
            PortStatus?: components["schemas"]["PortStatus"];
        };
        NetworkAttachment: {
            Network?: components["schemas"]["Network"];
            Addresses?: string[] | null;
        };
        Task: {
            ID?: string;
            Version?: components["schemas"]["ObjectVersion"];
            /** Format: date-time */
            CreatedAt?: string;
            /** Format: date-time */
            UpdatedAt?: string;
            Name?: string;
            Labels?: {
                [key: string]: string;
            } | null;
            Spec?: components["schemas"]["TaskSpec"];
            ServiceID?: string;
            Slot?: number;
            NodeID?: string;
            AssignedGenericResources?: components["schemas"]["GenericResources"];
            Status?: components["schemas"]["TaskStatus"];
            DesiredState?: components["schemas"]["TaskState"];
            JobIteration?: components["schemas"]["ObjectVersion"];
            NetworksAttachments?: components["schemas"]["NetworkAttachment"][] | null;
        };
        NetworkAttachmentConfig: {
            Target?: string;
            Aliases?: string[] | null;
            DriverOpts?: {
                [key: string]: string;
            } | null;
        };
        Volume: {
            Name: string;
            Driver: string;
            Mountpoint: string;
            /** Format: date-time */
            CreatedAt?: string;
            Status?: {
                [key: string]: Record<string, never>;
            } | null;
            Labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            Scope: "local" | "global";
            ClusterVolume?: components["schemas"]["ClusterVolume"];
            Options: {
                [key: string]: string;
            } | null;
            UsageData?: components["schemas"]["VolumeUsageData"];
        };
        VolumeUsageData: {
            /** Format: int64 */
            Size: number;
            /** Format: int64 */
            RefCount: number;
        } | null;
        VolumeCreateOptions: {
            Name?: string;
            Driver?: string;
            DriverOpts?: {
                [key: string]: string;
            } | null;
            Labels?: {
                [key: string]: string;
            } | null;
            ClusterVolumeSpec?: components["schemas"]["ClusterVolumeSpec"];
        };
        VolumeListResponse: {
            Volumes?: components["schemas"]["Volume"][] | null;
            Warnings?: string[] | null;
        };
        VolumeUpdateRequest: {
            Spec?: components["schemas"]["ClusterVolumeSpec"];
        };
        VolumePruneResponse: {
            VolumesDeleted?: string[] | null;
            /** Format: int64 */
            SpaceReclaimed?: number;
        };
    };
    responses: {
        /** @description BadRequest */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Unauthorized */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Forbidden */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description NotFound */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Conflict */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description ServerError */
        ServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorResponse"];
            };
        };
        /** @description Unavailable */
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
                all?: boolean;
                limit?: number;
                size?: boolean;
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["ContainerSummary"][];
                };
            };
            400: components["responses"]["BadRequest"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerCreate: {
        parameters: {
            query?: {
                name?: string;
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContainerCreateRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerCreateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerInspect: {
        parameters: {
            query?: {
                size?: boolean;
            };
            header?: never;
            path: {
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
                ps_args?: string;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["ContainerTopResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerLogs: {
        parameters: {
            query?: {
                follow?: boolean;
                stdout?: boolean;
                stderr?: boolean;
                since?: number;
                until?: number;
                timestamps?: boolean;
                tail?: string;
            };
            header?: never;
            path: {
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
                    "application/vnd.docker.raw-stream": string;
                    "application/vnd.docker.multiplexed-stream": string;
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["FilesystemChange"][];
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
                stream?: boolean;
                "one-shot"?: boolean;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["ContainerStatsResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerResize: {
        parameters: {
            query: {
                h: number;
                w: number;
            };
            header?: never;
            path: {
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
        };
    };
    ContainerStart: {
        parameters: {
            query?: {
                detachKeys?: string;
                checkpoint?: string;
                "checkpoint-dir"?: string;
            };
            header?: never;
            path: {
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
            /** @description Nothing to do: it was so already. */
            304: {
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
    ContainerStop: {
        parameters: {
            query?: {
                signal?: string;
                t?: number;
            };
            header?: never;
            path: {
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
            /** @description Nothing to do: it was so already. */
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
                signal?: string;
                t?: number;
            };
            header?: never;
            path: {
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
                signal?: string;
            };
            header?: never;
            path: {
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
    ContainerUpdate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContainerUpdateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContainerUpdateResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerRename: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path: {
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
    ContainerPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
    ContainerUnpause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                detachKeys?: string;
                logs?: boolean;
                stream?: boolean;
                stdin?: boolean;
                stdout?: boolean;
                stderr?: boolean;
            };
            header?: never;
            path: {
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
            /** @description Done. */
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
                detachKeys?: string;
                logs?: boolean;
                stream?: boolean;
                stdin?: boolean;
                stdout?: boolean;
                stderr?: boolean;
            };
            header?: never;
            path: {
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
    ContainerWait: {
        parameters: {
            query?: {
                condition?: "not-running" | "next-exit" | "removed";
            };
            header?: never;
            path: {
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
                v?: boolean;
                force?: boolean;
                link?: boolean;
            };
            header?: never;
            path: {
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
    ContainerArchive: {
        parameters: {
            query: {
                path: string;
            };
            header?: never;
            path: {
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
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    PutContainerArchive: {
        parameters: {
            query: {
                path: string;
                noOverwriteDirNonDir?: string;
                copyUIDGID?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-tar": string;
                "application/octet-stream": string;
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
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ContainerArchiveInfo: {
        parameters: {
            query: {
                path: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
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
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["ContainerPruneResponse"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageList: {
        parameters: {
            query?: {
                all?: boolean;
                filters?: string;
                "shared-size"?: boolean;
                digests?: boolean;
                manifests?: boolean;
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
                content: {
                    "application/json": components["schemas"]["ImageSummary"][];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageBuild: {
        parameters: {
            query?: {
                dockerfile?: string;
                t?: string;
                extrahosts?: string;
                remote?: string;
                q?: boolean;
                nocache?: boolean;
                cachefrom?: string;
                pull?: string;
                rm?: boolean;
                forcerm?: boolean;
                memory?: number;
                memswap?: number;
                cpushares?: number;
                cpusetcpus?: string;
                cpuperiod?: number;
                cpuquota?: number;
                buildargs?: string;
                shmsize?: number;
                squash?: boolean;
                labels?: string;
                networkmode?: string;
                platform?: string;
                target?: string;
                outputs?: string;
                version?: "1" | "2";
            };
            header?: {
                "Content-type"?: "application/x-tar";
                "X-Registry-Config"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done. */
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
                "keep-storage"?: number;
                "reserved-space"?: number;
                "max-used-space"?: number;
                "min-free-space"?: number;
                all?: boolean;
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["BuildPruneResponse"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageCreate: {
        parameters: {
            query?: {
                fromImage?: string;
                fromSrc?: string;
                repo?: string;
                tag?: string;
                message?: string;
                changes?: string[];
                platform?: string;
            };
            header?: {
                "X-Registry-Auth"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "text/plain": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateImageInfo"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageInspect: {
        parameters: {
            query?: {
                manifests?: boolean;
                platform?: string;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["ImageInspect"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageHistory: {
        parameters: {
            query?: {
                platform?: string;
            };
            header?: never;
            path: {
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
                tag?: string;
                platform?: string;
            };
            header?: {
                "X-Registry-Auth"?: string;
            };
            path: {
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
    ImageTag: {
        parameters: {
            query?: {
                repo?: string;
                tag?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made. */
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
        };
    };
    ImageDelete: {
        parameters: {
            query?: {
                force?: boolean;
                noprune?: boolean;
                platforms?: string[];
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["ImageDeleteResponseItem"][];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ImageSearch: {
        parameters: {
            query: {
                term: string;
                limit?: number;
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["ImageSearchResponseItem"][];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImagePrune: {
        parameters: {
            query?: {
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["ImagePruneResponse"];
                };
            };
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
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AuthConfig"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemAuthResponse"];
                };
            };
            /** @description Done; no body. */
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
            /** @description Done. */
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
            /** @description Done. */
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
            /** @description Done. */
            200: {
                headers: {
                    "Api-Version"?: string;
                    "Builder-Version"?: string;
                    "Docker-Experimental"?: boolean;
                    Swarm?: "inactive" | "pending" | "error" | "locked" | "active/worker" | "active/manager";
                    "Cache-Control"?: string;
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
    SystemPingHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "Api-Version"?: string;
                    "Builder-Version"?: string;
                    "Docker-Experimental"?: boolean;
                    Swarm?: "inactive" | "pending" | "error" | "locked" | "active/worker" | "active/manager";
                    "Cache-Control"?: string;
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
                container?: string;
                repo?: string;
                tag?: string;
                comment?: string;
                author?: string;
                pause?: boolean;
                changes?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ContainerConfig"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    SystemEvents: {
        parameters: {
            query?: {
                since?: string;
                until?: string;
                filters?: string;
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
                type?: ("container" | "image" | "volume" | "build-cache")[];
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
                content: {
                    "application/json": components["schemas"]["SystemDataUsageResponse"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageGet: {
        parameters: {
            query?: {
                platform?: string;
            };
            header?: never;
            path: {
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
                    "application/x-tar": string;
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ImageGetAll: {
        parameters: {
            query?: {
                names?: string[];
                platform?: string;
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
                quiet?: boolean;
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-tar": string;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreateImageInfo"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    ContainerExec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecConfig"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    ExecStart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ExecStartConfig"];
            };
        };
        responses: {
            /** @description Done. */
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
            409: components["responses"]["Conflict"];
        };
    };
    ExecResize: {
        parameters: {
            query: {
                h: number;
                w: number;
            };
            header?: never;
            path: {
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
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["VolumeListResponse"];
                };
            };
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
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VolumeCreateOptions"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    VolumeInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                version: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
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
                force?: boolean;
            };
            header?: never;
            path: {
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
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
        };
    };
    VolumePrune: {
        parameters: {
            query?: {
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["VolumePruneResponse"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    NetworkList: {
        parameters: {
            query?: {
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["Network"][];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    NetworkInspect: {
        parameters: {
            query?: {
                verbose?: boolean;
                scope?: string;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["Network"];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NetworkCreateRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkCreateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkConnect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
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
                id: string;
            };
            cookie?: never;
        };
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
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    NetworkPrune: {
        parameters: {
            query?: {
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["NetworkPruneResponse"];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    PluginList: {
        parameters: {
            query?: {
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["Plugin"][];
                };
            };
            500: components["responses"]["ServerError"];
        };
    };
    GetPluginPrivileges: {
        parameters: {
            query: {
                remote: string;
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
                remote: string;
                name?: string;
            };
            header?: {
                "X-Registry-Auth"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginPrivilege"][] | null;
            };
        };
        responses: {
            /** @description Done; no body. */
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
                force?: boolean;
            };
            header?: never;
            path: {
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
                timeout?: number;
            };
            header?: never;
            path: {
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
                force?: boolean;
            };
            header?: never;
            path: {
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
                remote: string;
            };
            header?: {
                "X-Registry-Auth"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginPrivilege"][] | null;
            };
        };
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
    PluginCreate: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-tar": string;
            };
        };
        responses: {
            /** @description Done; no body. */
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
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": string[] | null;
            };
        };
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
    NodeList: {
        parameters: {
            query?: {
                filters?: string;
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
                content: {
                    "application/json": components["schemas"]["Node"][];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    NodeInspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
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
                force?: boolean;
            };
            header?: never;
            path: {
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
                version: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
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
            /** @description Done. */
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwarmInitRequest"];
            };
        };
        responses: {
            /** @description Done. */
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
            503: components["responses"]["Unavailable"];
        };
    };
    SwarmLeave: {
        parameters: {
            query?: {
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
                version: number;
                rotateWorkerToken?: boolean;
                rotateManagerToken?: boolean;
                rotateManagerUnlockKey?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
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
            /** @description Done. */
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
                filters?: string;
                status?: boolean;
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
                content: {
                    "application/json": components["schemas"]["Service"][];
                };
            };
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceCreate: {
        parameters: {
            query?: never;
            header?: {
                "X-Registry-Auth"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceSpec"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceCreateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    ServiceInspect: {
        parameters: {
            query?: {
                insertDefaults?: boolean;
            };
            header?: never;
            path: {
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
                version: number;
                registryAuthFrom?: "spec" | "previous-spec";
                rollback?: string;
            };
            header?: {
                "X-Registry-Auth"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceSpec"];
            };
        };
        responses: {
            /** @description Done. */
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
                details?: boolean;
                follow?: boolean;
                stdout?: boolean;
                stderr?: boolean;
                since?: number;
                timestamps?: boolean;
                tail?: string;
            };
            header?: never;
            path: {
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
                filters?: string;
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
                details?: boolean;
                follow?: boolean;
                stdout?: boolean;
                stderr?: boolean;
                since?: number;
                timestamps?: boolean;
                tail?: string;
            };
            header?: never;
            path: {
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
                filters?: string;
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
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SecretSpec"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
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
            503: components["responses"]["Unavailable"];
        };
    };
    SecretUpdate: {
        parameters: {
            query: {
                version: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
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
                filters?: string;
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
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConfigSpec"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IDResponse"];
                };
            };
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
            503: components["responses"]["Unavailable"];
        };
    };
    ConfigUpdate: {
        parameters: {
            query: {
                version: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
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
                    "application/json": components["schemas"]["DistributionInspect"];
                };
            };
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
            /** @description The connection is now a raw byte stream. */
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
                dir?: string;
            };
            header?: never;
            path: {
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
                    "application/json": components["schemas"]["CheckpointSummary"][];
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["ServerError"];
        };
    };
    CheckpointCreate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckpointCreateRequest"];
            };
        };
        responses: {
            /** @description Made. */
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
        };
    };
    CheckpointDelete: {
        parameters: {
            query?: {
                dir?: string;
            };
            header?: never;
            path: {
                id: string;
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
        };
    };
    BuildCancel: {
        parameters: {
            query: {
                id: string;
            };
            header?: never;
            path?: never;
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
            /** @description The connection is now a raw byte stream. */
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
}
