/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/webhook_event.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

#define ALL ((1U << WEBHOOK_EVENT_COUNT) - 1)

static const char *const names[WEBHOOK_EVENT_COUNT] = {
	[WEBHOOK_WAITING] = "consultation.waiting",
	[WEBHOOK_STARTED] = "consultation.started",
	[WEBHOOK_ENDED] = "consultation.ended",
	[WEBHOOK_MESSAGE_FAILED] = "message.failed",
};

const char *webhook_event_name(enum webhook_event event)
{
	assert(event < WEBHOOK_EVENT_COUNT);
	return names[event];
}

enum webhook_event webhook_event_of(const struct service_record *record)
{
	if (record->kind == RECORD_PRESENT && record->role == ROLE_PATIENT)
		return WEBHOOK_WAITING;
	if (record->kind == RECORD_STATE && record->state == VISIT_IN_PROGRESS)
		return WEBHOOK_STARTED;
	return record->kind == RECORD_ENDED ? WEBHOOK_ENDED : WEBHOOK_EVENT_COUNT;
}

static void write_names(unsigned events, char out[WEBHOOK_EVENTS_BYTES])
{
	out[0] = '\0';
	for (unsigned i = 0; i < WEBHOOK_EVENT_COUNT; i++) {
		if ((events & (1U << i)) == 0)
			continue;
		if (out[0] != '\0')
			g_strlcat(out, " ", WEBHOOK_EVENTS_BYTES);
		g_strlcat(out, names[i], WEBHOOK_EVENTS_BYTES);
	}
}

int webhook_events_parse(const char *words, char out[WEBHOOK_EVENTS_BYTES])
{
	static const char separators[] = " ,";
	unsigned events = 0;

	for (const char *p = words + strspn(words, separators); *p != '\0';) {
		size_t len = strcspn(p, separators);
		unsigned i = 0;

		while (i < WEBHOOK_EVENT_COUNT &&
		       (strlen(names[i]) != len || strncmp(names[i], p, len) != 0))
			i++;
		if (i == WEBHOOK_EVENT_COUNT)
			return -EINVAL;
		events |= 1U << i;
		p += len;
		p += strspn(p, separators);
	}
	if (events == 0 && words[0] != '\0')
		return -EINVAL;
	write_names(events, out);
	return 0;
}

void webhook_events_format(const char *kept, char out[WEBHOOK_EVENTS_BYTES])
{
	if (kept[0] == '\0')
		write_names(ALL, out);
	else
		g_strlcpy(out, kept, WEBHOOK_EVENTS_BYTES);
}

bool webhook_url_is_safe(const char *url, bool may_be_here)
{
	/* What stands before an '@' hides the host; a secret there would be told in every list. */
	for (const char *p = url; *p != '\0'; p++) {
		if (*p <= ' ' || *p > '~' || *p == '@')
			return false;
	}
	return g_str_has_prefix(url, "https://") ||
	       (may_be_here && g_str_has_prefix(url, "http://localhost:"));
}
