/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A bounded queue of messages of one size between threads: any number post, one takes. A message is
 * copied by value; a pointer inside it changes its owner when the post succeeds. Never blocks and
 * never allocates after it was made; with the log writer and the metrics this is the only place
 * with a lock.
 */
#ifndef VIDD_SERVER_MAILBOX_H
#define VIDD_SERVER_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

struct mailbox;

/* 0, -ENOMEM or -errno of eventfd. */
int mailbox_new(struct mailbox **out, size_t message_bytes, size_t capacity);
/* What is still inside is the owner's to take and release before. NULL is legal. */
void mailbox_free(struct mailbox *mailbox);
/* Readable while messages wait; for epoll or poll. */
int mailbox_fd(const struct mailbox *mailbox);

/* 0, or -EAGAIN: three quarters full, the message was not taken. */
int mailbox_post(struct mailbox *mailbox, const void *message);
/* The same for what must not be lost (closing, results): may use the last quarter too. */
int mailbox_post_vital(struct mailbox *mailbox, const void *message);

/* Before taking: makes the descriptor unreadable until the next post. */
void mailbox_clear(struct mailbox *mailbox);
/* Taker only. The next message: true and *message, or false. */
bool mailbox_take(struct mailbox *mailbox, void *message);

#endif
