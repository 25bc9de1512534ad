/* SPDX-License-Identifier: Apache-2.0 */
#include "extract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "entry.h"
#include "fd.h"
#include "path.h"

/* One entry on its way into the tree. */
struct item {
	struct entry entry;
	char path[PATH_CAP]; /* whole and cleaned, for messages and look-ups */
	char parts[PATH_CAP];
	const char *dir; /* points into parts, as the entry's base does */
};

struct extraction {
	struct tar_reader reader;
	struct stream *in;
	struct tree *tree;
	struct dir_times dirs;
	bool root_seen;
};

static long next_piece(void *context, const void **data, struct error *err)
{
	return stream_read(context, STREAM_EXTRACT, data, err);
}

static int item_init(struct item *it, struct archive_entry *entry, struct error *err)
{
	const char *name = archive_entry_pathname(entry);

	if (!name)
		return error_set(err, 0, "archive/tar: invalid tar header (a name is not valid UTF-8)");
	if (path_clean(name, it->path, sizeof(it->path)) < 0)
		return error_set(err, ENAMETOOLONG, "open /%.64s...", name);
	memcpy(it->parts, it->path, strlen(it->path) + 1);
	it->entry = (struct entry){.within = "", .path = it->path, .dir = -1};
	path_split(it->parts, &it->dir, &it->entry.base);
	entry_read(&it->entry, entry);
	return 0;
}

static int make_file(struct extraction *x, const struct entry *e, struct error *err)
{
	if (entry_make_file(e, &x->reader, err) < 0)
		return -1;
	tree_count(x->tree, (uint64_t)archive_entry_size(e->from));
	return 0;
}

static int make_symlink(struct extraction *x, const struct entry *e, struct error *err)
{
	if (entry_make_symlink(e, err) < 0)
		return -1;
	tree_count(x->tree, strlen(archive_entry_symlink(e->from)));
	return 0;
}

static int mark_opaque(int dir_fd, const char *path, struct error *err)
{
	if (fsetxattr(dir_fd, OPAQUE_XATTR, "y", 1, 0) < 0)
		return error_set(err, errno, "make /%s opaque", path);
	return 0;
}

static int make_dir(struct extraction *x, const struct entry *e, bool exists, bool opaque, struct error *err)
{
	if (!exists && mkdirat(e->dir, e->base, 0700) < 0)
		return entry_failure(e, "mkdirat", err);
	if (entry_set_metadata(e, err) < 0)
		return -1;
	if (opaque) {
		scoped_fd int fd = openat(e->dir, e->base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return entry_failure(e, "openat", err);
		if (mark_opaque(fd, e->path, err) < 0)
			return -1;
	}
	return dir_times_add(&x->dirs, e, err);
}

/* The "." entry: attributes of the layer's root. */
static int set_root(struct extraction *x, struct entry *e, struct error *err)
{
	if (archive_entry_filetype(e->from) != AE_IFDIR)
		return error_set(err, 0, "invalid entry: the root is not a directory");
	e->dir = tree_dir(x->tree, "", err);
	if (e->dir < 0)
		return -1;
	e->base = ".";
	x->root_seen = true;
	return entry_set_metadata(e, err) < 0 ? -1 : dir_times_add(&x->dirs, e, err);
}

/* Hides `target` of the layers below. What this very layer has there is not meant (OCI image-spec, layer.md). */
static int make_whiteout(const struct item *it, const char *target, struct error *err)
{
	struct stat st;

	if (strlen(it->dir) + strlen(target) + 1 >= PATH_CAP)
		return error_set(err, ENAMETOOLONG, "mknod /%s", it->path);
	int found = tree_stat(it->entry.dir, target, &st, err);
	if (found < 0)
		return -1;
	if (found == 1 && S_ISDIR(st.st_mode)) {
		scoped_fd int fd = openat(it->entry.dir, target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		return fd < 0 ? entry_failure(&it->entry, "openat", err) : mark_opaque(fd, it->path, err);
	}
	if (found == 1)
		return 0;
	if (mknodat(it->entry.dir, target, S_IFCHR, 0) < 0)
		return entry_failure(&it->entry, "mknodat", err);
	return 0;
}

/* A hard link: to a file of this layer, or, brought up first, of a layer below. */
static int make_link(struct extraction *x, struct item *it, struct error *err)
{
	const char *link = archive_entry_hardlink(it->entry.from);
	char target[PATH_CAP], parts[PATH_CAP];
	const char *dir, *base;
	struct stat st;

	if (path_clean(link, target, sizeof(target)) < 0 || !target[0])
		return error_set(err, 0, "invalid hardlink \"/%s\" -> \"%.256s\"", it->path, link);
	memcpy(parts, target, strlen(target) + 1);
	path_split(parts, &dir, &base);
	int dir_fd = tree_dir(x->tree, dir, err);
	if (dir_fd < 0)
		return -1;
	int found = tree_stat(dir_fd, base, &st, err);
	if (found < 0)
		return -1;
	if (found == 0 && (found = tree_copy_up(x->tree, target, dir_fd, base, err)) < 0)
		return -1;
	if (found == 0)
		return error_set(err, ENOENT, "linkat %.200s %.200s", target, it->path);
	/* The name may be the file itself: nothing to do, and nothing to remove. */
	if (strcmp(target, it->path) == 0)
		return 0;
	if (tree_stat(it->entry.dir, it->entry.base, &st, err) == 1 && tree_remove(x->tree, it->entry.dir, it->entry.base, err) < 0)
		return -1;
	if (linkat(dir_fd, base, it->entry.dir, it->entry.base, 0) < 0)
		return error_set(err, errno, "linkat %.200s %.200s", target, it->path);
	return 0;
}

/* Makes room for the entry: what the same layer had there goes, except a directory for a directory. */
static int clear_way(struct extraction *x, const struct item *it, bool *exists, bool *opaque, struct error *err)
{
	struct stat st;
	int found = tree_stat(it->entry.dir, it->entry.base, &st, err);

	*exists = *opaque = false;
	if (found <= 0)
		return found;
	bool is_dir = archive_entry_filetype(it->entry.from) == AE_IFDIR;
	if (is_dir && S_ISDIR(st.st_mode)) {
		*exists = true;
		return 0;
	}
	*opaque = is_dir && tree_is_whiteout(&st);
	return tree_remove(x->tree, it->entry.dir, it->entry.base, err);
}

static int make_entry(struct extraction *x, struct item *it, struct error *err)
{
	bool exists, opaque;

	if (archive_entry_hardlink(it->entry.from))
		return make_link(x, it, err);
	if (clear_way(x, it, &exists, &opaque, err) < 0)
		return -1;
	switch (archive_entry_filetype(it->entry.from)) {
	case AE_IFREG:
		return make_file(x, &it->entry, err);
	case AE_IFDIR:
		return make_dir(x, &it->entry, exists, opaque, err);
	case AE_IFLNK:
		return make_symlink(x, &it->entry, err);
	case AE_IFCHR:
	case AE_IFBLK:
	case AE_IFIFO:
		return entry_make_special(&it->entry, err);
	default:
		return error_set(err, 0, "unhandled tar header type of /%s", it->path);
	}
}

static int place(struct extraction *x, struct item *it, struct error *err)
{
	const char *target = NULL;

	if (!it->path[0])
		return idmaps_outside(tree_maps(x->tree), &it->entry.uid, &it->entry.gid, err) < 0 ? -1 : set_root(x, &it->entry, err);
	enum whiteout whiteout = path_whiteout(it->entry.base, &target);
	if (whiteout == WHITEOUT_META)
		return 0;
	if (whiteout == WHITEOUT_INVALID)
		return error_set(err, 0, "invalid whiteout \"/%s\"", it->path);
	it->entry.dir = tree_dir(x->tree, it->dir, err);
	if (it->entry.dir < 0)
		return -1;
	if (whiteout == WHITEOUT_OPAQUE)
		return mark_opaque(it->entry.dir, it->dir, err);
	if (whiteout == WHITEOUT_FILE)
		return make_whiteout(it, target, err);
	/* Marks are nobody's, whatever owner they name. */
	return idmaps_outside(tree_maps(x->tree), &it->entry.uid, &it->entry.gid, err) < 0 ? -1 : make_entry(x, it, err);
}

static int find_dir(void *context, const char *path)
{
	return tree_find_dir(context, path);
}

static int extract_all(struct extraction *x, struct error *err)
{
	struct archive_entry *entry;
	struct item it;
	int result;

	while ((result = tar_reader_next(&x->reader, &entry, err)) > 0)
		if (item_init(&it, entry, err) < 0 || place(x, &it, err) < 0)
			return -1;
	if (result < 0)
		return -1;
	if (!x->root_seen && tree_inherit_root(x->tree, err) < 0)
		return -1;
	return 0;
}

/* What follows the end of the archive belongs to the digest, and a broken blob must be noticed. */
static int drain(struct extraction *x, struct error *err)
{
	const void *data;
	long n;

	while ((n = stream_read(x->in, STREAM_EXTRACT, &data, err)) > 0)
		;
	return (int)n;
}

int extract(struct stream *in, struct tree *t, struct error *err)
{
	struct extraction x = {.in = in, .tree = t};
	int status = -1;

	if (tar_reader_open(&x.reader, next_piece, in, err) == 0 && extract_all(&x, err) == 0 && drain(&x, err) == 0)
		status = 0;
	tar_reader_close(&x.reader);
	if (dir_times_finish(&x.dirs, status == 0, find_dir, t, err) < 0)
		status = -1;
	return status;
}
