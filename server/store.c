/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/store_db.h"
#include "server/store_link.h"

struct store {
	struct db *db;
	struct rng rng;
	uint8_t link_key[STORE_LINK_KEY_BYTES];
	int lock_fd;
};

/* One Vidd per database: two would each host half of a consultation. SQLite's own locks come and
 * go with transactions, so this one is held for life; it dies with the process. */
static int lock_instance(struct store *store, const char *path)
{
	char *name = g_strconcat(path, ".lock", NULL);
	int r = 0;

	store->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock_fd < 0)
		r = -errno;
	else if (flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0)
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	g_free(name);
	if (r == -EROFS || r == -EPERM)
		r = -EACCES;
	return r == 0 || r == -EBUSY || r == -EACCES ? r : -EIO;
}

static int open_store(struct store **out, const char *path, struct rng rng, bool is_alone)
{
	struct store *store = g_new0(struct store, 1);
	int r;

	store->lock_fd = -1;
	store->rng = rng;
	r = is_alone ? lock_instance(store, path) : 0;
	if (r == 0)
		r = db_open(&store->db, path);
	if (r == 0)
		r = store_link_load(store->link_key, path, &store->rng);
	if (r < 0) {
		store_close(store);
		return r;
	}
	*out = store;
	return 0;
}

int store_open(struct store **out, const char *path, struct rng rng)
{
	return open_store(out, path, rng, true);
}

int store_open_reading(struct store **out, const char *path)
{
	struct store *store = g_new0(struct store, 1);
	int r;

	store->lock_fd = -1;
	r = db_open_reading(&store->db, path);
	if (r < 0) {
		store_close(store);
		return r;
	}
	*out = store;
	return 0;
}

int store_open_beside(struct store **out, const char *path, struct rng rng)
{
	return open_store(out, path, rng, false);
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	db_close(store->db);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	g_free(store);
}

int store_probe(struct store *store)
{
	return db_probe(store->db);
}

int store_group_begin(struct store *store)
{
	return db_group_begin(store->db);
}

bool store_group_is_open(struct store *store)
{
	return db_group_is_open(store->db);
}

int store_group_finish(struct store *store)
{
	return db_group_finish(store->db);
}

struct db *store_db(struct store *store)
{
	return store->db;
}

struct rng *store_rng(struct store *store)
{
	return &store->rng;
}

const uint8_t *store_link_key(const struct store *store)
{
	return store->link_key;
}
