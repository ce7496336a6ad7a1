/* Settling what an earlier session left in doubt: the journal says what was to
 * become of a resource, and reading it says what became of it. */
#include "plan.h"

#define TEXT_LIMIT 4096

struct settling {
    const struct remedy_port *port;
    int64_t number;
    char *name;
    struct step step;
};

static void settling_free(struct settling *settling)
{
    step_done(&settling->step);
    mem_free(settling->name);
    mem_free(settling);
}

static void say(const struct remedy_port *port, int64_t number,
    const char *name, const char *why)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(
        &text, "Entry #%lld on %s stays in doubt.", (long long)number, name);
    port->message(port->context, true, buf_text(&text), why);
    buf_done(&text);
}

static void conclude(const struct settling *settling,
    enum kv_journal_result result, const char *message)
{
    const struct remedy_port *port = settling->port;
    struct kv_error err = { 0 };

    if (port->conclude(port->context, settling->number, result, message, "",
            true, &err) != KV_OK)
        say(port, settling->number, settling->name, err.text);
}

static void conclude_unclear(const struct settling *settling, const char *why)
{
    struct buf text = { .limit = TEXT_LIMIT };

    buf_putf(&text, "neither as before nor as wanted: %s", why);
    conclude(settling, KV_JOURNAL_UNCLEAR, buf_text(&text));
    buf_done(&text);
}

static void settle(
    const struct settling *settling, enum likeness likeness, const char *why)
{
    switch (likeness) {
    case LIKENESS_AFTER:
        conclude(settling, KV_JOURNAL_DONE, "read again: it took effect");
        return;
    case LIKENESS_BEFORE:
        conclude(settling, KV_JOURNAL_NOT_APPLIED,
            "read again: it never took effect");
        return;
    case LIKENESS_NEITHER:
        conclude_unclear(settling, why);
        return;
    case LIKENESS_UNREAD:
        say(settling->port, settling->number, settling->name, why);
        return;
    }
}

static void settle_read(void *arg, const struct remedy_answer *answer)
{
    struct settling *settling = arg;
    struct buf why = { .limit = TEXT_LIMIT };

    if (answer->status != KV_CANCELLED) {
        enum likeness likeness = step_compare(&settling->step, answer, &why);

        settle(settling, likeness, buf_text(&why));
    }
    buf_done(&why);
    settling_free(settling);
}

void remedy_settle(
    const struct remedy_port *port, const struct kv_journal_entry *entry)
{
    struct buf address = { .limit = TEXT_LIMIT };
    struct kv_error err = { 0 };
    struct step step = { 0 };
    struct settling *settling;
    const struct kv_estate *estate = port->estate(port->context);
    uint32_t resource = kv_estate_find(estate, entry->target_id);
    struct step_owner owner = step_owner_of(estate, entry);

    if (step_parse(&step, entry->change, &owner, &err) != KV_OK) {
        say(port, entry->number, entry->target_name, err.text);
        return;
    }
    settling = mem_alloc(sizeof *settling);
    *settling = (struct settling){
        .port = port,
        .number = entry->number,
        .name = mem_copy_text(entry->target_name),
        .step = step,
    };
    step_found_at(&settling->step, &address);
    port->read(
        port->context, resource, buf_text(&address), settle_read, settling);
    buf_done(&address);
}
