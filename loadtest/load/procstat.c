/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/procstat.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_text(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t n;

	if (!file)
		return -ESRCH;
	n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	(void)fclose(file); /* was only read */
	return n > 0 ? 0 : -ESRCH;
}

/* proc(5): the name in brackets may hold anything, so fields count from behind the last bracket. */
int procstat_parse(struct procstat *out, const char *text, long ticks_per_s, long page_bytes)
{
	enum {
		USER = 14,
		SYSTEM = 15,
		THREADS = 20,
		RSS = 24,
	};
	const char *at = strrchr(text, ')');
	int64_t field[RSS + 1] = {0};
	int count = 2;

	for (; at != NULL && count < RSS; count++) {
		at = strchr(at, ' ');
		if (at != NULL)
			field[count + 1] = strtoll(++at, NULL, 10);
	}
	if (at == NULL)
		return -EBADMSG;
	out->user_us = field[USER] * 1000000 / ticks_per_s;
	out->cpu_us = (field[USER] + field[SYSTEM]) * 1000000 / ticks_per_s;
	out->threads = field[THREADS];
	out->rss_bytes = field[RSS] * page_bytes;
	return 0;
}

static int64_t status_number(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

/* A thread that ends in between takes its time along; servers here keep theirs. */
static void read_threads(struct procstat *out, pid_t pid)
{
	char path[320], text[4096];
	struct dirent *entry;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir &&
	       (entry = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread */
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid,
			       entry->d_name);
		if (read_text(path, text, sizeof(text)) == 0)
			out->run_us = (out->run_us < 0 ? 0 : out->run_us) +
				      strtoll(text, NULL, 10) / 1000;
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)pid,
			       entry->d_name);
		if (read_text(path, text, sizeof(text)) == 0)
			out->switches += status_number(text, "\nvoluntary_ctxt_switches:") +
					 status_number(text, "\nnonvoluntary_ctxt_switches:");
	}
	if (dir)
		closedir(dir);
}

int procstat_read(struct procstat *out, pid_t pid)
{
	char path[64], text[4096];

	*out = (struct procstat){.run_us = -1, .peak_bytes = -1};
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (read_text(path, text, sizeof(text)) != 0 ||
	    procstat_parse(out, text, sysconf(_SC_CLK_TCK), sysconf(_SC_PAGESIZE)) != 0)
		return -ESRCH;
	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (read_text(path, text, sizeof(text)) == 0 && status_number(text, "VmHWM:") >= 0)
		out->peak_bytes = status_number(text, "VmHWM:") * 1024;
	read_threads(out, pid);
	return 0;
}
