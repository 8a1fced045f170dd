/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/courier.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_chain.h"
#include "server/courier_command.h"
#include "server/file.h"
#include "server/http_client.h"

#define TIMEOUT_MS	 30000
#define MAX_SECRET_BYTES 1024
#define MAX_REPLY_BYTES	 4096
/* sysexits.h: the address or the message is wrong, and will be at the next try. */
#define EX_USAGE  64
#define EX_NOUSER 67
#define EX_NOHOST 68

struct courier {
	const struct config *config;
	char **command;			      /* NULL: none */
	char *webhook_secret, *smtp_password; /* "" without */
};

/* --- texts --------------------------------------------------------------------------------------
 */

int courier_sign(char text[COURIER_SIGNATURE_BYTES], const char *secret, int64_t now_unix_s,
		 const char *body)
{
	char *covered = g_strdup_printf("%" G_GINT64_FORMAT ".%s", now_unix_s, body);
	char hex[AUDIT_HEX_TEXT(EVP_MAX_MD_SIZE) + 1];
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	bool ok = HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)covered,
		       strlen(covered), mac, &len) != NULL;

	g_free(covered);
	if (!ok)
		return -EIO;
	audit_hex(hex, mac, len);
	g_snprintf(text, COURIER_SIGNATURE_BYTES, "t=%" G_GINT64_FORMAT ",v1=%s", now_unix_s, hex);
	return 0;
}

bool courier_is_address(const char *address)
{
	const char *at = strchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0' || strchr(at + 1, '@') != NULL)
		return false;
	for (const char *p = address; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("<>(),;:\\\"[]", *p) != NULL)
			return false;
	}
	return true;
}

static void append_base64(GString *out, const char *text)
{
	char *all = g_base64_encode((const uint8_t *)text, strlen(text));

	for (size_t i = 0, len = strlen(all); i < len; i += 76)
		g_string_append_printf(out, "%.76s\r\n", all + i);
	g_free(all);
}

char *courier_mail_text(const struct courier_message *message, const char *from, int64_t now_unix_s)
{
	GDateTime *now = g_date_time_new_from_unix_utc(now_unix_s);
	GString *out = g_string_new(NULL);
	char *subject;
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	if (!courier_is_address(message->to) || !courier_is_address(from) || now == NULL) {
		if (now != NULL)
			g_date_time_unref(now);
		g_string_free(out, TRUE);
		return NULL;
	}
	subject = g_base64_encode((const uint8_t *)message->subject, strlen(message->subject));
	g_string_append_printf(
		out,
		"From: <%s>\r\nTo: <%s>\r\n"
		"Subject: =?utf-8?B?%s?=\r\n"
		"Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n"
		"Message-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n",
		from, message->to, subject, days[g_date_time_get_day_of_week(now) - 1],
		g_date_time_get_day_of_month(now), months[g_date_time_get_month(now) - 1],
		g_date_time_get_year(now), g_date_time_get_hour(now), g_date_time_get_minute(now),
		g_date_time_get_second(now), message->id, strchr(from, '@') + 1);
	append_base64(out, message->text);
	g_date_time_unref(now);
	g_free(subject);
	return g_string_free(out, FALSE);
}

static char *json_text(const struct courier_message *m)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", m->id, "channel",
			      m->channel, "to", m->to, "language", m->language, "kind", m->kind,
			      "subject", m->subject, "text", m->text);
	char *text = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	return text;
}

/* --- the ways out -------------------------------------------------------------------------------
 */

static int by_command(const struct courier *s, const struct courier_message *m,
		      char note[COURIER_NOTE_BYTES])
{
	char *json = json_text(m);
	char line[COURIER_NOTE_BYTES];
	int r;

	if (json == NULL) {
		g_strlcpy(note, "no memory", COURIER_NOTE_BYTES);
		return -EAGAIN;
	}
	r = courier_command_run(s->command, json, TIMEOUT_MS, line, sizeof(line));
	explicit_bzero(json, strlen(json));
	free(json);
	if (r == 0) {
		g_strlcpy(note, line, COURIER_NOTE_BYTES);
		return 0;
	}
	if (r == -ETIMEDOUT)
		g_strlcpy(note, "the command took too long", COURIER_NOTE_BYTES);
	else if (r < 0)
		g_strlcpy(note, "the command cannot be started", COURIER_NOTE_BYTES);
	else
		g_snprintf(note, COURIER_NOTE_BYTES, "the command ended with %d", r);
	return r >= EX_USAGE && r <= EX_NOHOST ? -ENOENT : -EAGAIN;
}

static int by_webhook(const struct courier *s, int64_t now_unix_s, const struct courier_message *m,
		      char note[COURIER_NOTE_BYTES])
{
	char signature[COURIER_SIGNATURE_BYTES], why[HTTP_CLIENT_WHY_BYTES], *header;
	struct http_client_reply reply = {0};
	char *json = json_text(m);
	int r = json != NULL ? courier_sign(signature, s->webhook_secret, now_unix_s, json) : -EIO;

	g_strlcpy(note, "no memory", COURIER_NOTE_BYTES);
	if (r == 0) {
		header = g_strconcat("Vidd-Signature: ", signature, NULL);
		r = http_client_send(
			&(struct http_client_request){
				.method = "POST",
				.url = s->config->message_webhook,
				.header = {"Content-Type: application/json", header},
				.body = json,
				.body_len = strlen(json),
				.timeout_ms = TIMEOUT_MS,
				.max_reply_bytes = MAX_REPLY_BYTES},
			&reply, why);
		g_free(header);
		g_strlcpy(note, why, COURIER_NOTE_BYTES);
	}
	if (json != NULL)
		explicit_bzero(json, strlen(json));
	free(json);
	if (r < 0)
		return -EAGAIN;
	g_snprintf(note, COURIER_NOTE_BYTES, "%d", reply.status);
	r = reply.status / 100 == 2 ? 0 : -EAGAIN;
	/* RFC 9110 15.5: the client's fault, but for 408, 425 and 429, which pass. */
	if (reply.status / 100 == 4 && reply.status != 408 && reply.status != 425 &&
	    reply.status != 429)
		r = -ENOENT;
	http_client_reply_close(&reply);
	return r;
}

static int by_mail(const struct courier *s, int64_t now_unix_s, const struct courier_message *m,
		   char note[COURIER_NOTE_BYTES])
{
	const struct config *c = s->config;
	char receipt[HTTP_CLIENT_WHY_BYTES], why[HTTP_CLIENT_WHY_BYTES];
	char *text = courier_mail_text(m, c->smtp_from, now_unix_s);
	int r;

	if (text == NULL) {
		g_strlcpy(note, "the address is none", COURIER_NOTE_BYTES);
		return -ENOENT;
	}
	r = http_client_mail(
		&(struct http_client_mail){
			.url = c->smtp_url,
			.user = c->smtp_user[0] != '\0' ? c->smtp_user : NULL,
			.password = s->smtp_password[0] != '\0' ? s->smtp_password : NULL,
			.from = c->smtp_from,
			.to = m->to,
			.text = text,
			.timeout_ms = TIMEOUT_MS,
			.is_plain_allowed = c->smtp_plain,
		},
		receipt, why);
	g_free(text);
	g_strlcpy(note, r == 0 ? receipt : why, COURIER_NOTE_BYTES);
	return r == 0 || r == -ENOENT ? r : -EAGAIN;
}

static int by_terminal(const struct courier_message *m, char note[COURIER_NOTE_BYTES])
{
	printf("\n--- message by %s to %s (%s)\n%s\n---\n", m->channel, m->to, m->subject, m->text);
	fflush(stdout);
	g_strlcpy(note, "terminal", COURIER_NOTE_BYTES);
	return 0;
}

int courier_send(const struct courier *courier, int64_t now_unix_s,
		 const struct courier_message *message, char note[COURIER_NOTE_BYTES])
{
	if (strcmp(message->channel, "email") == 0 && courier->config->smtp_url[0] != '\0')
		return by_mail(courier, now_unix_s, message, note);
	if (courier->command != NULL)
		return by_command(courier, message, note);
	if (courier->config->message_webhook[0] != '\0')
		return by_webhook(courier, now_unix_s, message, note);
	if (courier->config->demo)
		return by_terminal(message, note);
	g_snprintf(note, COURIER_NOTE_BYTES, "nothing is configured to send %s", message->channel);
	return -ENOENT;
}

/* --- setting up ---------------------------------------------------------------------------------
 */

static int read_secret(char **out, const char *flag, const char *path, char why[CONFIG_ERROR_BYTES])
{
	char *text = NULL;
	size_t len;
	int r;

	*out = g_strdup("");
	if (path[0] == '\0')
		return 0;
	r = file_read(path, MAX_SECRET_BYTES, &text, &len);
	if (r < 0) {
		g_snprintf(why, CONFIG_ERROR_BYTES, "--%s %s: %s: give it a file with one line",
			   flag, path, g_strerror(-r));
		return -EINVAL;
	}
	g_free(*out);
	*out = g_strdup(g_strchomp(text));
	explicit_bzero(text, len);
	free(text);
	return 0;
}

static int read_command(struct courier *s, char why[CONFIG_ERROR_BYTES])
{
	if (s->config->message_command[0] == '\0')
		return 0;
	if (g_shell_parse_argv(s->config->message_command, NULL, &s->command, NULL) &&
	    g_file_test(s->command[0], G_FILE_TEST_IS_EXECUTABLE))
		return 0;
	g_snprintf(why, CONFIG_ERROR_BYTES,
		   "--message-command: %s is no program that can be run; give its whole path",
		   s->config->message_command);
	return -EINVAL;
}

int courier_new(struct courier **out, const struct config *config, char why[CONFIG_ERROR_BYTES])
{
	struct courier *s = g_new0(struct courier, 1);
	int r;

	s->config = config;
	r = read_command(s, why);
	if (r == 0)
		r = read_secret(&s->webhook_secret, "message-secret-file",
				config->message_secret_file, why);
	if (r == 0)
		r = read_secret(&s->smtp_password, "smtp-password-file", config->smtp_password_file,
				why);
	if (r == 0 && config->smtp_url[0] != '\0' && !courier_is_address(config->smtp_from)) {
		g_strlcpy(why, "--smtp-from: give it the address that e-mail comes from",
			  CONFIG_ERROR_BYTES);
		r = -EINVAL;
	}
	if (r == 0 && config->message_webhook[0] != '\0' && s->webhook_secret[0] == '\0') {
		g_strlcpy(why,
			  "--message-webhook needs --message-secret-file, which signs what it "
			  "is sent",
			  CONFIG_ERROR_BYTES);
		r = -EINVAL;
	}
	if (r < 0) {
		courier_free(s);
		return r;
	}
	*out = s;
	return 0;
}

static void wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

void courier_free(struct courier *courier)
{
	if (courier == NULL)
		return;
	g_strfreev(courier->command);
	wipe(courier->webhook_secret);
	wipe(courier->smtp_password);
	g_free(courier);
}
