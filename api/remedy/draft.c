/* Drafts: what a plan function writes for one target, and how it asks for what
 * it needs to know. It is called again when that was read, so that it stays a
 * pure function of what it was told. */
#include "plan.h"

#include <stdarg.h>

#define ADDRESS_LIMIT 8192
#define TEXT_LIMIT 4096

void draft_done(struct draft *draft)
{
    for (size_t i = 0; i < draft->step_count; i++)
        step_done(&draft->steps[i]);
    mem_free(draft->steps);
    preview_done(&draft->preview);
    *draft = (struct draft){ .live = draft->live };
}

/* ---- asking ---- */

static const struct live_answer *ask(
    struct draft *draft, bool list, const char *format, va_list args)
{
    struct buf address = { .limit = ADDRESS_LIMIT };
    struct live_answer *answer;

    buf_putv(&address, format, args);
    answer = live_get(draft->live, buf_text(&address), list);
    buf_done(&address);
    if (answer->ended)
        return answer;
    draft->wanted++;
    return NULL;
}

const struct live_answer *draft_read(
    struct draft *draft, const char *format, ...)
{
    const struct live_answer *answer;
    va_list args;

    va_start(args, format);
    answer = ask(draft, false, format, args);
    va_end(args);
    return answer;
}

const struct live_answer *draft_list(
    struct draft *draft, const char *format, ...)
{
    const struct live_answer *answer;
    va_list args;

    va_start(args, format);
    answer = ask(draft, true, format, args);
    va_end(args);
    return answer;
}

bool draft_look(struct draft *draft, uint64_t facets)
{
    draft->live->looks |= facets;
    if ((draft->live->looked & facets) == facets)
        return true;
    draft->wanted++;
    return false;
}

/* ---- writing ---- */

struct step *draft_step(struct draft *draft, const char *method,
    const char *path, const char *api_version)
{
    struct step *step;

    draft->steps = mem_grow(draft->steps, draft->step_count,
        &draft->step_capacity, sizeof *draft->steps);
    step = &draft->steps[draft->step_count++];
    step_init(step, method, path, api_version);
    return step;
}

void step_what(struct step *step, const char *format, ...)
{
    struct buf text = { .limit = TEXT_LIMIT };
    va_list args;

    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    mem_free(step->what);
    step->what = mem_copy_text(buf_text(&text));
    buf_done(&text);
}

void draft_raise(
    struct draft *draft, enum kv_grade grade, const char *format, ...)
{
    struct buf text = { .limit = TEXT_LIMIT };
    va_list args;

    if (grade <= draft->grade)
        return;
    va_start(args, format);
    buf_putv(&text, format, args);
    va_end(args);
    draft->grade = grade;
    draft->raised = preview_text(&draft->preview, "%s", buf_text(&text));
    buf_done(&text);
}

const char *input_option(const struct plan_input *input, const char *name)
{
    for (size_t i = 0; i < input->option_count; i++) {
        const struct option *option = &input->options[i];

        if (text_equal_nocase(option->view.name, name))
            return option->value ? option->value : "";
    }
    return "";
}
