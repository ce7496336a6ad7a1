#ifndef CLOUD_PAGE_H
#define CLOUD_PAGE_H

#include "access.h"
#include "cloud.h"

/* Lists as ARM answers them: a page at a time, the rest behind nextLink. */
enum page_style {
    PAGE_PLAIN,
    /* Key Vault puts an empty page behind the first one, as recorded. */
    PAGE_VAULTS,
    /* Management groups call the link "@nextLink". */
    PAGE_GROUPS,
    PAGE_WHOLE,
};

/* Writes one item into the answer. */
typedef void page_render(
    struct call *call, const struct item *item, struct buffer *out);

struct page {
    enum page_style style;
    const struct item **items;
    size_t count;
    page_render *render; /* NULL: the item as it is */
};

void page_add(struct page *page, const struct item *item);
/* Adds the items of a range that the caller may perform the action on; at
 * the scope itself the action may be granted as a whole. Answers 403 and
 * returns false when the caller has it nowhere in the scope. */
bool page_add_readable(struct page *page, struct call *call, enum kind kind,
    const char *scope, const char *type, const char *action);
/* Answers with the page that the request asks for, and frees the list. */
void page_answer(struct page *page, struct call *call);
void page_done(struct page *page);

/* Answers Azure's 403 in the caller's name. */
void answer_forbidden(struct call *call, enum verdict verdict,
    const struct item *deny, const char *action, const char *scope);

#endif
