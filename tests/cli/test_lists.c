/* kvgov list, show, who-can and reachable: lines for scripts, the same fresh and
 * offline, as a table and as JSON, and one sentence for what is wrong. */
#include "stage.h"

#define CODE_INCOMPLETE 4

static const char *const lists[] = { "vaults", "hsms", "assignments",
    "principals", "network", "protection", "objects" };

/* With names for vaults and HSMs that lead to this machine. */
static int set_up_near(void **state)
{
    const char *const arguments[] = { "--suffix", "localhost", NULL };
    struct stage *stage = mem_alloc(sizeof *stage);

    stage->cloud = cloud_start(arguments);
    stage->home = temp_new();
    *state = stage;
    return 0;
}

/* Some of Contoso may not be read, and lists say so. */
static void expect_rows(const struct stage *stage)
{
    if (stage->ran.code != 0 && stage->ran.code != CODE_INCOMPLETE)
        fail_with("code %d: %s", stage->ran.code, buf_text(&stage->ran.err));
    assert_true(stage->ran.out.size > 0);
}

static json_t *json_out(const struct stage *stage)
{
    json_error_t why;
    json_t *object = json_loads(buf_text(&stage->ran.out), 0, &why);

    if (!object)
        fail_with("%s\n%s", why.text, buf_text(&stage->ran.err));
    return object;
}

static size_t lines_in(const char *text)
{
    size_t lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* ---- every list ---- */

/* Whole, as far as a terminal can bear it. */
static void check_text(const char *table, const char *text)
{
    struct buf visible = { .limit = 65536 };

    buf_put_visible(&visible, view_of(text), false);
    if (!strstr(table, buf_text(&visible)))
        fail_with("not in the table: %s", buf_text(&visible));
    buf_done(&visible);
}

/* Each text of each item stands in the table. */
static void check_items(const json_t *items, const char *table)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i);

        for (void *at = json_object_iter(item); at;
             at = json_object_iter_next(item, at))
            if (json_is_string(json_object_iter_value(at)))
                check_text(
                    table, json_string_value(json_object_iter_value(at)));
    }
}

static void check_list(struct stage *stage, const char *list)
{
    char *table;
    int code;
    json_t *object;
    const json_t *items;

    RUN(stage, "list", list, "--offline");
    expect_rows(stage);
    code = stage->ran.code;
    table = mem_copy_text(buf_text(&stage->ran.out));
    assert_lacks(table, "\033");
    RUN(stage, "list", list, "--offline", "--format", "json");
    assert_int_equal(stage->ran.code, code);
    object = json_out(stage);
    assert_string_equal(text_at(object, "list"), list);
    assert_int_equal(
        json_is_true(json_object_get(object, "complete")), code == 0);
    items = json_object_get(object, "items");
    assert_true(json_array_size(items) > 0);
    assert_int_equal(lines_in(table), json_array_size(items) + 1);
    check_items(items, table);
    json_decref(object);
    mem_free(table);
}

static void test_formats(void **state)
{
    struct stage *stage = *state;
    long requests;

    RUN(stage, "list", "objects"); /* reads inside all, too */
    expect_rows(stage);
    requests = cloud_requests(stage->cloud, NULL);
    for (size_t i = 0; i < LENGTH(lists); i++)
        check_list(stage, lists[i]);
    assert_int_equal(cloud_requests(stage->cloud, NULL), requests);
}

/* What is read now and what was kept say the same. */
static void test_offline(void **state)
{
    struct stage *stage = *state;

    RUN(stage, "list", "vaults", "--offline");
    expect(stage, 3, "nothing is kept of an earlier scan");
    for (size_t i = 0; i + 1 < LENGTH(lists); i++) {
        char *fresh;
        char *gaps;

        RUN(stage, "list", lists[i]);
        expect_rows(stage);
        fresh = mem_copy_text(buf_text(&stage->ran.out));
        gaps = mem_copy_text(buf_text(&stage->ran.err));
        RUN(stage, "list", lists[i], "--offline");
        assert_string_equal(buf_text(&stage->ran.out), fresh);
        assert_string_equal(buf_text(&stage->ran.err), gaps);
        mem_free(fresh);
        mem_free(gaps);
    }
}

/* ---- what they say ---- */

struct said_case {
    const char *name;
    const char *words[WORDS];
    int code;
    const char *out[3]; /* parts that are there */
    const char *lacks;  /* NULL: nothing */
    const char *err;    /* NULL: nothing is said */
};

static const struct said_case said_cases[] = {
    { "one of the vaults", { "list", "vaults", "kv-pay-core-weu" }, 0,
        { "NAME ", "kv-pay-core-weu  Contoso Payments Prod  rg-payments-weu" },
        "kv-pay-prod-weu", NULL },
    { "in any case", { "list", "vaults", "KV-PAY-CORE-WEU" }, 0,
        { "kv-pay-core-weu" }, NULL, NULL },
    { "of one subscription",
        { "list", "vaults", "--subscription", "Contoso Data Prod" }, 0,
        { "kv-data-etl-weu" }, "kv-pay-core-weu", NULL },
    { "what was not read", { "list", "vaults", "kv-legal-hold-weu" }, 0,
        { "kv-legal-hold-weu", "  ?  " }, NULL,
        "properties of 1 vault or HSM: denied, needs "
        "Microsoft.KeyVault/vaults/read" },
    { "HSMs", { "list", "hsms" }, 0, { "hsm-lab-weu", "NotActivated" },
        "kv-pay", NULL },
    { "what reaches a vault", { "list", "assignments", "kv-pay-core-weu" }, 0,
        { "Contoso Break Glass  ", "management group", "id-payments-core-weu" },
        "Developer 4", NULL },
    { "access policies", { "list", "assignments", VAULT }, 0,
        { "access policy  ", "only with application", "secrets: " }, NULL,
        NULL },
    { "eligible", { "list", "assignments", "kv-legal-sign-neu" }, 0,
        { "eligible role", "activated role" }, NULL, NULL },
    { "principals", { "list", "principals", "kv-data-lake-weu" }, 0,
        { "not in the tenant" }, NULL, NULL },
    { "network", { "list", "network", "kv-shop-search-weu" }, 0,
        { "default action", "Allow", "no effect" }, NULL, NULL },
    { "deleted ones", { "list", "protection" }, 0,
        { "kv-gone-soon  ", "deleted", "CanNotDelete" }, NULL, "denied" },
    { "inside one", { "list", "objects", "kv-data-etl-weu" }, 0,
        { "certificate  etl-client", "enabled" }, "kv-plat", NULL },
    { "what is inside and not shown",
        { "list", "objects", "kv-plat-certs-weu" }, 4,
        { "kv-plat-certs-weu  secret  edge" }, NULL,
        "certificates of 1 vault or HSM: denied, needs a role" },
    { "inside a closed one", { "list", "objects", "kv-legal-hold-weu" }, 4,
        { NULL }, NULL, "kv" },

    { "show", { "show", "kv-pay-core-weu" }, 0,
        { "MODEL             roles\n", "\nNETWORK\n", "\nFINDINGS\n" }, NULL,
        NULL },
    { "show inside", { "show", "kv-data-etl-weu", "--deep" }, 0,
        { "\nOBJECTS\n" }, NULL, NULL },
    { "show what is not known", { "show", "kv-legal-hold-weu" }, 4,
        { "MODEL             ?\n" }, NULL, "properties of 1 vault or HSM" },

    { "open", { "reachable", VAULT }, 0,
        { "EXPOSURE           open\n", "any address on the internet",
            "BECAUSE" },
        NULL, NULL },
    { "in a perimeter", { "reachable", "kv-pay-core-weu" }, 0,
        { "nsp-contoso, enforced" }, NULL, NULL },
    { "not known", { "reachable", "kv-legal-hold-weu" }, 4,
        { "EXPOSURE           ?\n" }, NULL, "properties of 1 vault or HSM" },

    { "an access policy", { "who-can", "get-secret", VAULT }, 0,
        { "Payments Developer 1", "Contoso Payments Developers  access policy",
            "only with application" },
        NULL, "may give themselves a right to it" },
    { "by Azure's name",
        { "who-can", "microsoft.keyvault/vaults/secrets/GETSECRET/action",
            VAULT },
        0, { "get-secret" }, NULL, "may give themselves" },
    { "wildcards", { "who-can", "Microsoft.KeyVault/vaults/keys/*", VAULT }, 0,
        { "sign" }, "get-secret", "may give themselves" },
    { "a single object", { "who-can", "get-secret", "kv-data-ml-neu" }, 0,
        { "id-data-ml-neu", "single object", "subscription" }, NULL,
        "may give" },
    { "eligible and activated",
        { "who-can", "write-vault", "kv-legal-sign-neu" }, 0,
        { "Legal Officer 1", "eligible", "activated" }, NULL, NULL },
    { "a condition", { "who-can", "assign-roles", "kv-lab-dev-neu" }, 0,
        { "Developer 4  user  on condition", "ActionMatches" }, NULL, NULL },
    { "denied", { "who-can", "write-vault", "kv-legal-hold-weu" }, 0,
        { "denied", "taken away by Deny assignment of deployment stack" }, NULL,
        NULL },
    { "a model that is not known",
        { "who-can", "get-secret", "kv-legal-hold-weu" }, 4,
        { "Legal Officer 1", "unknown" }, NULL, "properties" },
    { "an HSM's own roles", { "who-can", "sign", "hsm-pay-prod-weu" }, 0,
        { "Managed HSM Crypto User of the HSM", "/keys/pin-block" }, NULL,
        NULL },
    { "an HSM in Azure", { "who-can", "delete-hsm", "hsm-pay-prod-weu" }, 0,
        { "Platform Administrator 1", "delete-hsm" }, NULL, NULL },
    { "what can be asked", { "who-can", "--list" }, 0,
        { "get-secret  ", "Microsoft.KeyVault/managedHsm/keys/sign/action" },
        NULL, NULL },
};

static void check_said(struct stage *stage, const struct said_case *row)
{
    const struct program *ran = &stage->ran;

    run(stage, row->words);
    if (ran->code != row->code)
        fail_with("%s: code %d\n%s%s", row->name, ran->code,
            buf_text(&ran->out), buf_text(&ran->err));
    for (size_t i = 0; i < LENGTH(row->out) && row->out[i]; i++)
        assert_contains(buf_text(&ran->out), row->out[i]);
    if (row->lacks)
        assert_lacks(buf_text(&ran->out), row->lacks);
    if (row->err)
        assert_contains(buf_text(&ran->err), row->err);
    else
        assert_string_equal(buf_text(&ran->err), "");
}

static void test_said(void **state)
{
    for (size_t i = 0; i < LENGTH(said_cases); i++)
        check_said(*state, &said_cases[i]);
}

/* ---- as JSON ---- */

static void test_show_json(void **state)
{
    struct stage *stage = *state;
    json_t *object;

    RUN(stage, "show", "hsm-pay-prod-weu", "--format", "json");
    object = json_out(stage);
    assert_string_equal(text_at(object, "kind"), "hsm");
    assert_string_equal(text_at(object, "hsms.activation"), "Active");
    assert_true(json_is_true(json_path(object, "protection.purge_protection")));
    assert_true(json_array_size(json_object_get(object, "network")) >= 3);
    assert_true(json_array_size(json_object_get(object, "findings")) > 10);
    json_decref(object);
    RUN(stage, "show", "kv-legal-hold-weu", "--format", "json");
    object = json_out(stage);
    assert_false(json_is_true(json_object_get(object, "complete")));
    assert_true(json_is_null(json_path(object, "vaults.soft_delete")));
    assert_true(json_array_size(json_path(object, "vaults.unknown")) > 5);
    assert_true(json_array_size(json_object_get(object, "gaps")) > 0);
    assert_string_equal(buf_text(&stage->ran.err), "");
    json_decref(object);
}

static void test_answers_json(void **state)
{
    struct stage *stage = *state;
    json_t *object;

    RUN(stage, "who-can", "get-secret", VAULT, "--format", "json");
    expect(stage, 0, "");
    object = json_out(stage);
    assert_string_equal(text_at(object, "action"), "get-secret");
    assert_true(json_array_size(json_object_get(object, "items")) > 5);
    assert_true(
        json_integer_value(json_object_get(object, "may_give_themselves")) > 0);
    json_decref(object);
    RUN(stage, "reachable", VAULT, "--format", "json");
    expect(stage, 0, "");
    object = json_out(stage);
    assert_string_equal(text_at(object, "reachable.exposure"), "open");
    assert_true(json_array_size(json_object_get(object, "because")) > 1);
    assert_true(json_array_size(json_object_get(object, "network")) >= 3);
    json_decref(object);
}

/* ---- what is wrong ---- */

static const struct {
    const char *words[WORDS];
    const char *says;
} refusals[] = {
    { { "list" }, "kvgov list needs one of vaults, hsms, assignments" },
    { { "list", "keys" }, "network, protection and objects, not keys" },
    { { "list", "vaults", "kv-nobody" },
        "no vault or managed HSM that could be read is called kv-nobody" },
    { { "list", "vaults", "a", "b" }, "\"b\" is one word too many" },
    { { "list", "vaults", "--format", "xml" }, "it knows: table json" },
    { { "list", "vaults", "--until", "2027-01-01" },
        "--until does not go with this command" },
    { { "show" }, "say kvgov show NAME" },
    { { "show", "kv-nobody" }, "is called kv-nobody" },
    { { "reachable" }, "say kvgov reachable NAME" },
    { { "reachable", "kv-nobody" }, "is called kv-nobody" },
    { { "who-can" }, "say kvgov who-can ACTION NAME" },
    { { "who-can", "get-secret" }, "say kvgov who-can ACTION NAME" },
    { { "who-can", "fly", VAULT }, "\"fly\" is no action on a vault" },
    { { "who-can", "get-secret", "hsm-pay-prod-weu" },
        "\"get-secret\" is no action on a managed HSM" },
    { { "who-can", "get-secret", "kv-nobody" }, "is called kv-nobody" },
};

static void test_refusals(void **state)
{
    struct stage *stage = *state;

    for (size_t i = 0; i < LENGTH(refusals); i++) {
        run(stage, refusals[i].words);
        expect(stage, 2, refusals[i].says);
        assert_string_equal(buf_text(&stage->ran.out), "");
        assert_int_equal(lines_in(buf_text(&stage->ran.err)), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_formats, set_up_near, tear_down),
        cmocka_unit_test_setup_teardown(test_offline, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_said, set_up_near, tear_down),
        cmocka_unit_test_setup_teardown(test_show_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_answers_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
