#ifndef CLOUD_LOG_INSIDE_H
#define CLOUD_LOG_INSIDE_H

#include "logs.h"

/* Between the two halves of a log query: what reads its words and picks rows,
 * and what makes an answer of them. */
#define WORD_MAX 300

struct log_column {
    const char *name;
    const char *type;
};
#define LOG_COLUMN_COUNT 13
extern const struct log_column log_columns[LOG_COLUMN_COUNT];
/* The type of a column, or NULL when there is none of this name. */
const char *log_column_type(const char *name);

/* Notes what is wrong, with the text at fault; returns false. */
bool log_fail(struct log_query *query, const char *what, const char *text);

/* A name, a sign, or a text in quotes, which comes without them. */
bool log_word_take(struct log_query *query, char word[WORD_MAX]);
/* Takes the next word if it is this one; expect fails otherwise. */
bool log_word_is(struct log_query *query, const char *wanted);
bool log_word_expect(struct log_query *query, const char *wanted);

/* Stages, behind their name; each makes query->answer. */
bool log_stage_summarize(struct log_query *query);
bool log_stage_project(struct log_query *query);
/* As project does, with all columns. */
void log_project_all(struct log_query *query);

#endif
