/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/rest_survey.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/store_survey.h"

struct survey_job {
	struct store_job job;
	char consultation_id[PRINCIPAL_ID_BYTES + 1];
	char participant_id[PRINCIPAL_ID_BYTES + 1];
	char *answers;
};

static int fail(struct rest_fault *fault, const char *member, const char *why)
{
	g_strlcpy(fault->member, member, sizeof(fault->member));
	fault->why = why;
	return -EINVAL;
}

static bool is_word(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= REST_SURVEY_WORD_BYTES &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static bool is_answer(const json_t *value)
{
	json_int_t number = json_integer_value(value);

	return json_is_boolean(value) || (json_is_integer(value) && number >= 0 && number <= 10) ||
	       (json_is_string(value) && is_word(json_string_value(value)));
}

static int check(const json_t *root, struct rest_fault *fault)
{
	const json_t *answers = json_object_get(root, "answers");
	char member[REST_MEMBER_BYTES];
	const char *question;
	json_t *value;

	if (!json_is_object(root) || json_object_size(root) != 1)
		return fail(fault, "", "The body is an object with the member answers alone.");
	if (!json_is_object(answers) || json_object_size(answers) > REST_SURVEY_ANSWERS)
		return fail(fault, "answers", "The answers are an object of at most 16 members.");
	json_object_foreach((json_t *)answers, question, value)
	{
		g_snprintf(member, sizeof(member), "answers.%s", question);
		if (!is_word(question) || !is_answer(value))
			return fail(fault, is_word(question) ? member : "answers",
				    "Questions and answers are words of a to z, 0 to 9 and '-'; an "
				    "answer may be true, false or 0 to 10, too.");
	}
	return 0;
}

int rest_survey_parse(const char *body, size_t len, char **answers, struct rest_fault *fault)
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	int r;

	if (root == NULL)
		return fail(fault, "", "The body is no JSON text.");
	r = check(root, fault);
	if (r == 0) {
		*answers =
			json_dumps(json_object_get(root, "answers"), JSON_COMPACT | JSON_SORT_KEYS);
		r = *answers != NULL ? 0 : fail(fault, "", "The body is too large.");
	}
	json_decref(root);
	return r;
}

static void run(struct store *store, struct store_job *job)
{
	struct survey_job *j = (struct survey_job *)job;

	job->result = store_survey_add(store, clock_unix_s(), j->consultation_id, j->participant_id,
				       j->answers);
}

static void done(struct hub *hub, struct store_job *job)
{
	struct http_reply reply = {.status = 204};

	if (job->result == -EEXIST)
		hub_answer_problem(hub, job->tag, 409, "survey-given", "You have answered before.");
	else if (!rest_answer_error(hub, job->tag, job->result))
		hub_answer(hub, job->tag, &reply);
}

static void close_job(struct store_job *job)
{
	free(((struct survey_job *)job)->answers);
	free(job);
}

void rest_survey(struct hub *hub, const struct http_request *request, const char *const *ids,
		 const struct principal *who)
{
	struct rest_fault fault = {0};
	struct survey_job *j;
	char *answers = NULL;

	if (strcmp(ids[0], who->consultation_id) != 0) {
		rest_answer_error(hub, request->id, -ENOENT); /* another's visit is not there */
		return;
	}
	if (rest_survey_parse(request->body, request->body_len, &answers, &fault) < 0) {
		rest_answer_fault(hub, request->id, &fault);
		return;
	}
	j = calloc(1, sizeof(*j));
	if (j == NULL) {
		free(answers);
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = run, .done = done, .close = close_job, .tag = request->id};
	j->answers = answers;
	g_strlcpy(j->consultation_id, who->consultation_id, sizeof(j->consultation_id));
	g_strlcpy(j->participant_id, who->id, sizeof(j->participant_id));
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}
