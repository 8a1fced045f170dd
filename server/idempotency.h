/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a POST with a key that was answered
 * before gets the same answer again, with its links, for 24 hours, and nothing is made twice. Sits
 * between access and a route's handler, and between the handler and the client, so that no handler
 * knows of it. An answer is kept before it is sent, also when the client has gone meanwhile: that
 * one is who will ask again.
 *
 * Refusals: 400 bad-idempotency-key; 409 idempotency-busy: the first request is under way;
 * 422 idempotency-mismatch: the key was used for another request; 409 idempotency-lost: it was
 * used, but what it was answered is sealed for another login.
 *
 * What is made and what is kept are two transactions: a power cut just between them makes a
 * repetition a new request. Only success is kept; a refused request may be put right and sent again
 * with the same key. Front thread.
 */
#ifndef VIDD_SERVER_IDEMPOTENCY_H
#define VIDD_SERVER_IDEMPOTENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "server/http_message.h"
#include "server/principal.h"

struct hub;
struct idempotency;

/* Requests of a key that run at the same time, at most; guess: a booking system's whole day sent at
 * once is some hundred. */
#define IDEMPOTENCY_MAX_OPEN 1000

struct idempotency *idempotency_new(void);
void idempotency_free(struct idempotency *idempotency);

/* True when the request has a key: it is then answered, or goes on by http_run when the key is
 * new. */
bool idempotency_ask(struct hub *hub, const struct http_request *request,
		     const struct principal *who);
/* The handler's answer to a request that went on. True: it was taken and comes again by
 * http_answer when it is kept. */
bool idempotency_answer(struct hub *hub, uint64_t id, struct http_reply *reply);

#endif
