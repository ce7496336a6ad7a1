/* The page around its sections, and the pieces that they share. */
#include "html.h"

#include "escape.h"
#include "facts.h"

/* ---- pieces ---- */

void html_text(struct buf *out, const char *text)
{
    escape_put_xml(out, text ? text : "");
}

void html_lines(struct buf *out, const char *text)
{
    escape_put_xml_lines(out, text, "<br/>");
}

void html_date(struct buf *out, int64_t time_s)
{
    struct buf text = { .limit = 64 };
    struct view rest;

    buf_put_time(&text, time_s);
    rest = buf_view(&text);
    buf_put(out, view_cut(&rest, 'T'));
    buf_done(&text);
}

void html_severity(struct buf *out, enum kv_severity severity)
{
    buf_putf(out, "<span class=\"chip s%u\">%s</span>", (unsigned)severity,
        kv_severity_name(severity));
}

void html_row_link(struct buf *out, const struct kv_recommendation *row)
{
    buf_putf(out, "<a href=\"#r-%s\">%s</a>", row->id, row->id);
}

void html_place_id(struct buf *out, struct place place)
{
    static const char letters[] = {
        [KV_LEVEL_RESOURCE] = 'v',
        [KV_LEVEL_SUBSCRIPTION] = 's',
        [KV_LEVEL_TENANT] = 't',
    };

    buf_putf(out, "%c-%u", letters[place.level], place.index + 1);
}

static bool is_shown(const struct html *html, struct place place)
{
    if (place.level != KV_LEVEL_RESOURCE ||
        html->resources == html->order.resource_count)
        return true;
    for (uint32_t i = 0; i < html->resources; i++)
        if (html->order.resources[i].resource == place.index)
            return true;
    return false;
}

void html_place_link(const struct html *html, struct place place)
{
    const char *name = place_name(html->input, place);

    if (!is_shown(html, place)) {
        html_text(html->out, name);
        return;
    }
    buf_puts(html->out, "<a href=\"#");
    html_place_id(html->out, place);
    buf_puts(html->out, "\">");
    html_text(html->out, name);
    buf_puts(html->out, "</a>");
}

void html_sources(struct buf *out, const char *const *sources)
{
    for (size_t i = 0; sources[i]; i++)
        buf_putf(out, "%s<a href=\"#source-%s\">%s</a>", i > 0 ? ", " : "",
            sources[i], sources[i]);
}

const struct html_verdict html_verdicts[HTML_VERDICTS] = {
    { KV_VERDICT_FAIL, "fail", "fail", NULL },
    { KV_VERDICT_UNKNOWN, "unknown", "unknown", "?" },
    { KV_VERDICT_MANUAL, "to answer", "manual", "Q" },
    { KV_VERDICT_EXCEPTED, "accepted", "accepted", "A" },
    { KV_VERDICT_UNREAD, "not read", "unread", "-" },
    { KV_VERDICT_PASS, "pass", "pass", "\xe2\x80\xa2" },
};

const struct html_verdict *html_verdict_of(enum kv_verdict verdict)
{
    if (verdict == KV_VERDICT_NONE)
        verdict = KV_VERDICT_UNKNOWN;
    for (size_t i = 0; i < HTML_VERDICTS; i++)
        if (html_verdicts[i].verdict == verdict)
            return &html_verdicts[i];
    return NULL;
}

/* ---- the head ---- */

static void put_document_head(const struct html *html)
{
    struct buf *out = html->out;

    /* No address is fetched, whatever the text is: the policy says so too. */
    buf_puts(out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
        "charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri "
        "'none'; form-action 'none'\"/>\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"/>\n<meta "
        "name=\"referrer\" content=\"no-referrer\"/>\n<title>Key Vault "
        "posture of ");
    html_text(
        out, place_name(html->input, (struct place){ KV_LEVEL_TENANT, 0 }));
    buf_puts(out, "</title>\n<style>\n");
    buf_puts(out, html_style);
    buf_puts(out, "</style>\n</head>\n<body>\n");
}

static void put_fact(struct buf *out, const char *name, const char *value)
{
    buf_putf(out, "<dt>%s</dt><dd>", name);
    html_text(out, value);
    buf_puts(out, "</dd>\n");
}

static void put_data_fact(struct buf *out, const struct kv_report_input *input)
{
    struct buf text = { .limit = 256 };

    buf_puts(&text, "read at ");
    buf_put_time(&text, input->scan->data_at_s);
    buf_puts(&text, ", reported at ");
    buf_put_time(&text, input->now_s);
    put_fact(out, "Data", buf_text(&text));
    buf_done(&text);
}

static void put_facts(const struct html *html)
{
    const struct kv_report_input *input = html->input;
    const struct kv_baseline_info *baseline =
        &kv_baselines[facts_baseline(input)];
    struct buf text = { .limit = 1u << 20 };

    buf_puts(html->out, "<dl class=\"facts\">\n");
    put_fact(html->out, "Tenant", kv_estate_tenant_id(input->estate));
    put_fact(html->out, "Cloud", input->cloud ? input->cloud : "unknown");
    put_data_fact(html->out, input);
    buf_putf(&text, "%s: %s", baseline->name, baseline->what);
    put_fact(html->out, "Baseline", buf_text(&text));
    buf_clear(&text);
    kv_selection_put(input->selection, &text);
    if (text.size > 0)
        put_fact(html->out, "Left out", buf_text(&text));
    buf_puts(html->out, "</dl>\n");
    buf_done(&text);
}

static void put_header(const struct html *html)
{
    struct buf *out = html->out;

    buf_puts(out, "<header>\n<h1>Key Vault posture of ");
    html_text(
        out, place_name(html->input, (struct place){ KV_LEVEL_TENANT, 0 }));
    buf_puts(out, "</h1>\n<p class=\"lead soft\">Azure Key Vaults and Managed "
                  "HSMs against Microsoft&#39;s published "
                  "recommendations</p>\n");
    put_facts(html);
    buf_puts(out, "</header>\n");
}

static const struct {
    const char *id;
    const char *title;
    const char *style; /* "flat" lies on its side on paper */
    void (*put)(const struct html *html);
} sections[] = {
    { "summary", "Summary", "part", html_put_summary },
    { "recommendations", "Recommendations", "part", html_put_rows },
    { "matrix", "Matrix", "flat", html_put_matrix },
    { "vaults", "Vaults and HSMs", "part", html_put_places },
    { "unknown", "Not known", "part", html_put_open },
    { "decided", "Accepted and answered", "part", html_put_decided },
    { "catalogue", "Reasons and sources", "part", html_put_catalogue },
};
#define SECTIONS (sizeof sections / sizeof sections[0])

static void put_navigation(struct buf *out)
{
    buf_puts(out, "<nav aria-label=\"Sections\">");
    for (size_t i = 0; i < SECTIONS; i++)
        buf_putf(out, "<a href=\"#%s\">%s</a>", sections[i].id,
            sections[i].title);
    buf_puts(out, "</nav>\n");
}

void html_write(struct kv_report *report)
{
    struct html html = {
        .out = &report->text,
        .report = report,
        .input = report->input,
    };

    order_init(&html.order, report->input);
    html.resources = html.order.resource_count < HTML_RESOURCES_MOST
                         ? (uint32_t)html.order.resource_count
                         : HTML_RESOURCES_MOST;
    put_document_head(&html);
    put_header(&html);
    put_navigation(html.out);
    buf_puts(html.out, "<main>\n");
    for (size_t i = 0; i < SECTIONS; i++) {
        buf_putf(html.out,
            "<section class=\"%s\" id=\"%s\">\n<h2>%s</h2>\n",
            sections[i].style, sections[i].id, sections[i].title);
        sections[i].put(&html);
        buf_puts(html.out, "</section>\n");
        report_pass(report);
    }
    buf_puts(html.out, "</main>\n<footer>Made by kvgov " KVGOV_VERSION
                       ". What is unknown was never counted as "
                       "pass.</footer>\n</body>\n</html>\n");
    order_done(&html.order);
}
