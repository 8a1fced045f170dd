/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/config_value.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/oidc_claims.h"

static int set_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
	return 0;
}

static int set_number(int64_t *field, const struct config_key *key, const char *text,
		      char why[CONFIG_WHY_BYTES])
{
	gint64 value;

	if (!g_ascii_string_to_signed(text, 10, key->min, key->max, &value, NULL)) {
		g_snprintf(why, CONFIG_WHY_BYTES,
			   "\"%s\" is no number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
			   text, key->min, key->max);
		return -EINVAL;
	}
	*field = value;
	return 0;
}

static int set_bool(bool *field, const char *text, char why[CONFIG_WHY_BYTES])
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
		g_snprintf(why, CONFIG_WHY_BYTES, "\"%s\" is neither true nor false", text);
		return -EINVAL;
	}
	*field = strcmp(text, "true") == 0;
	return 0;
}

static int parse_address(struct addr *out, const char *text, char why[CONFIG_WHY_BYTES])
{
	if (addr_parse(out, text, 0) < 0) {
		g_snprintf(why, CONFIG_WHY_BYTES,
			   "\"%s\" is no IP address: write it as 192.0.2.7 or 2001:db8::7, "
			   "without port or name",
			   text);
		return -EINVAL;
	}
	return 0;
}

static int add_address(struct config_addresses *list, const char *text, char why[CONFIG_WHY_BYTES])
{
	struct addr addr;

	if (text[0] == '\0')
		return 0;
	if (list->count == CONFIG_MAX_ADDRESSES) {
		g_snprintf(why, CONFIG_WHY_BYTES, "more than %d addresses: name fewer",
			   CONFIG_MAX_ADDRESSES);
		return -EINVAL;
	}
	if (parse_address(&addr, text, why) < 0)
		return -EINVAL;
	for (size_t i = 0; i < list->count; i++) {
		if (addr_equal(&list->addr[i], &addr)) {
			g_snprintf(why, CONFIG_WHY_BYTES, "%s is named twice", text);
			return -EINVAL;
		}
	}
	list->addr[list->count++] = addr;
	return 0;
}

static int set_url(char **field, const char *text, char why[CONFIG_WHY_BYTES])
{
	size_t len = strlen(text);

	if (len > 0 && (!g_str_has_prefix(text, "https://") || text[len - 1] == '/' ||
			strpbrk(text, "#?\"<> ") != NULL)) {
		g_snprintf(why, CONFIG_WHY_BYTES,
			   "\"%s\" must begin with https:// and end without a slash, as "
			   "https://vidd.example.se",
			   text);
		return -EINVAL;
	}
	return set_text(field, text);
}

static int set_contact(char **field, const char *text, char why[CONFIG_WHY_BYTES])
{
	bool is_fit = text[0] == '\0' || g_str_has_prefix(text, "mailto:") ||
		      g_str_has_prefix(text, "https://");

	for (const char *p = text; *p != '\0'; p++)
		is_fit = is_fit && *p > ' ' && *p <= '~';
	if (is_fit)
		return set_text(field, text);
	g_snprintf(why, CONFIG_WHY_BYTES,
		   "\"%s\" must begin with mailto: or https:// and have no blanks, as "
		   "mailto:security@example.se",
		   text);
	return -EINVAL;
}

static int set_log_level(enum log_level *field, const char *text, char why[CONFIG_WHY_BYTES])
{
	enum log_level level = log_level_from_name(text);

	if (level == LOG_LEVEL_COUNT) {
		g_snprintf(why, CONFIG_WHY_BYTES, "\"%s\" is none of error, warn, info, debug",
			   text);
		return -EINVAL;
	}
	*field = level;
	return 0;
}

static int set_duties(char **field, const char *text, char why[CONFIG_WHY_BYTES])
{
	if (!oidc_duties_valid(text)) {
		g_snprintf(why, CONFIG_WHY_BYTES,
			   "\"%s\" is no list as purpose=duty;*=duty; duties are clinician, staff, "
			   "administrator, reviewer and support",
			   text);
		return -EINVAL;
	}
	return set_text(field, text);
}

static int set_proxies(struct proxy_list *list, const char *text, char why[CONFIG_WHY_BYTES])
{
	int r = proxy_list_parse(list, text);

	if (r == -ENOSPC)
		g_snprintf(why, CONFIG_WHY_BYTES, "more than %d proxies: name a prefix of them",
			   PROXY_MAX_PREFIXES);
	else if (r < 0)
		g_snprintf(why, CONFIG_WHY_BYTES,
			   "\"%s\" is no list of addresses and prefixes, as 10.1.0.7 10.2.0.0/16 "
			   "2001:db8::/48",
			   text);
	return r < 0 ? -EINVAL : 0;
}

int config_value_set(struct config *config, const struct config_key *key, const char *text,
		     char why[CONFIG_WHY_BYTES])
{
	void *field = (char *)config + key->offset;
	struct addr ignored;

	switch (key->type) {
	case VALUE_TEXT:
		return set_text(field, text);
	case VALUE_NUMBER:
		return set_number(field, key, text, why);
	case VALUE_BOOL:
		return set_bool(field, text, why);
	case VALUE_ADDRESSES:
		return add_address(field, text, why);
	case VALUE_PROXIES:
		return set_proxies(field, text, why);
	case VALUE_ADDRESS_OR_EMPTY:
		if (text[0] != '\0' && parse_address(&ignored, text, why) < 0)
			return -EINVAL;
		return set_text(field, text);
	case VALUE_URL_OR_EMPTY:
		return set_url(field, text, why);
	case VALUE_CONTACT:
		return set_contact(field, text, why);
	case VALUE_LOG_LEVEL:
		return set_log_level(field, text, why);
	case VALUE_DUTIES:
		return set_duties(field, text, why);
	}
	return -EINVAL;
}

void config_value_clear(struct config *config, const struct config_key *key)
{
	void *field = (char *)config + key->offset;

	switch (key->type) {
	case VALUE_TEXT:
	case VALUE_ADDRESS_OR_EMPTY:
	case VALUE_URL_OR_EMPTY:
	case VALUE_CONTACT:
	case VALUE_DUTIES:
		g_free(*(char **)field);
		*(char **)field = NULL;
		break;
	case VALUE_ADDRESSES:
		((struct config_addresses *)field)->count = 0;
		break;
	default:
		break;
	}
}
