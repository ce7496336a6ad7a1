/* Jobs, the lists that they wait in and the table that finds them by id. */
#include "job.h"

#include <assert.h>
#include <string.h>

#define FIELD_LIMIT 16384 /* bytes; a longer one is no field */

struct job_place {
    struct job *job;
    uint32_t uses;
    uint32_t next_free;
};

static enum job_kind kind_of(const struct http_request *request)
{
    switch (request->method) {
    case HTTP_GET:
        return JOB_READ;
    case HTTP_POST:
        return request->repeatable ? JOB_QUERY : JOB_WRITE;
    case HTTP_PUT:
    case HTTP_PATCH:
        return JOB_WRITE;
    case HTTP_DELETE:
        return JOB_DELETE;
    }
    return JOB_WRITE;
}

/* A field may hold a secret: one block of memory that is never grown. */
static char *field_copy(const struct http_field *field)
{
    size_t name = strlen(field->name);
    size_t value = strlen(field->value);
    char *text = mem_alloc(name + value + 3);

    memcpy(text, field->name, name);
    memcpy(text + name, ": ", 2);
    memcpy(text + name + 2, field->value, value);
    return text;
}

static void fields_copy(struct job *job, const struct http_request *request)
{
    for (int i = 0; i < HTTP_FIELD_LIMIT && request->fields[i].name; i++)
        job->fields[i] = field_copy(&request->fields[i]);
    memset(job->request.fields, 0, sizeof job->request.fields);
}

static void fields_done(struct job *job)
{
    for (int i = 0; i < HTTP_FIELD_LIMIT && job->fields[i]; i++)
        mem_cleanse(job->fields[i], strlen(job->fields[i]));
}

bool job_fields_are_plain(const struct job *job)
{
    for (int i = 0; i < HTTP_FIELD_LIMIT && job->fields[i]; i++) {
        const char *at = job->fields[i];

        while (*at >= ' ' && *at <= '~')
            at++;
        if (*at || at - job->fields[i] > FIELD_LIMIT)
            return false;
    }
    return true;
}

struct job *job_new(const struct http_request *request)
{
    struct job *job = mem_alloc(sizeof *job);

    job->request = *request;
    job->request.url = mem_copy_text(request->url ? request->url : "");
    job->request.content_type = mem_copy_text(request->content_type);
    job->request.body.data = mem_copy_view(request->body);
    fields_copy(job, request);
    if (request->token)
        http_token_hold(request->token);
    job->kind = kind_of(request);
    return job;
}

void job_free(struct job *job)
{
    if (!job)
        return;
    if (job->request.secret_body)
        mem_cleanse((char *)job->request.body.data, job->request.body.size);
    else
        mem_free((char *)job->request.body.data);
    fields_done(job);
    mem_free((char *)job->request.url);
    mem_free((char *)job->request.content_type);
    http_token_drop(job->request.token);
    mem_free(job->costs);
    mem_free(job->refusal);
    mem_free(job);
}

void job_list_append(struct job_list *list, struct job *job)
{
    job->next = NULL;
    job->previous = list->last;
    if (list->last)
        list->last->next = job;
    else
        list->first = job;
    list->last = job;
}

void job_list_insert(struct job_list *list, struct job *job)
{
    struct job *younger = list->first;

    while (younger && younger->order < job->order)
        younger = younger->next;
    if (!younger) {
        job_list_append(list, job);
        return;
    }
    job->next = younger;
    job->previous = younger->previous;
    younger->previous = job;
    if (job->previous)
        job->previous->next = job;
    else
        list->first = job;
}

void job_list_remove(struct job_list *list, struct job *job)
{
    if (job->previous)
        job->previous->next = job->next;
    else
        list->first = job->next;
    if (job->next)
        job->next->previous = job->previous;
    else
        list->last = job->previous;
    job->previous = NULL;
    job->next = NULL;
}

static uint32_t place_take(struct job_table *table)
{
    uint32_t number = table->free;

    if (number > 0) {
        table->free = table->places[number - 1].next_free;
        return number;
    }
    assert(table->count < UINT32_MAX);
    table->places = mem_grow(
        table->places, table->count, &table->capacity, sizeof *table->places);
    table->places[table->count] = (struct job_place){ 0 };
    return (uint32_t)++table->count;
}

void job_table_add(struct job_table *table, struct job *job)
{
    uint32_t number = place_take(table);
    struct job_place *place = &table->places[number - 1];

    place->job = job;
    place->uses++;
    job->id = (uint64_t)place->uses << 32 | number;
    job->order = table->asked++;
    table->jobs++;
}

struct job *job_table_find(const struct job_table *table, uint64_t id)
{
    uint32_t number = (uint32_t)id;
    struct job *job;

    if (number == 0 || number > table->count)
        return NULL;
    job = table->places[number - 1].job;
    return job && job->id == id ? job : NULL;
}

void job_table_remove(struct job_table *table, struct job *job)
{
    uint32_t number = (uint32_t)job->id;
    struct job_place *place = &table->places[number - 1];

    assert(place->job == job);
    place->job = NULL;
    place->next_free = table->free;
    table->free = number;
    table->jobs--;
}

struct job *job_table_any(const struct job_table *table)
{
    for (size_t i = 0; table->jobs > 0 && i < table->count; i++)
        if (table->places[i].job)
            return table->places[i].job;
    return NULL;
}

void job_table_done(struct job_table *table)
{
    mem_free(table->places);
    *table = (struct job_table){ 0 };
}
