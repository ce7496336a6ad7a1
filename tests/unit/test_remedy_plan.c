/* What a plan shows before anything is sent: each remedy's exact request, its
 * checks, what blocks it, its options. */
#include "remedy_stage.h"
#include "types.h"

static void assert_json(const char *text, const char *expected)
{
    json_t *wanted = stage_json(expected);
    json_t *found = json_loads(text ? text : "", 0, NULL);

    if (!json_equal(wanted, found))
        fail_with("expected %s, is %s", expected, text ? text : "nothing");
    json_decref(wanted);
    json_decref(found);
}

static void assert_no_write(const struct stage *stage)
{
    assert_lacks(buf_text(&stage->log), "PATCH");
    assert_lacks(buf_text(&stage->log), "PUT");
    assert_lacks(buf_text(&stage->log), "DELETE");
    assert_lacks(buf_text(&stage->log), "INTEND");
}

static const struct kv_check *find_check(
    const struct kv_target *target, const char *part)
{
    for (uint32_t i = 0; i < target->check_count; i++) {
        if (strstr(target->checks[i].text, part))
            return &target->checks[i];
    }
    fail_with("no check says \"%s\"", part);
}

static const struct kv_change *find_change(
    const struct kv_target *target, const char *path)
{
    for (uint32_t i = 0; i < target->change_count; i++) {
        if (strcmp(target->changes[i].path, path) == 0)
            return &target->changes[i];
    }
    fail_with("no change of %s is shown", path);
}

/* ---- each remedy's request ---- */

#define SETTING(name, workspace, row)                                          \
    "{'name':'" name "','properties':{'workspaceId':'" workspace               \
    "','logs':[" row "]}}"
#define ROW_AUDIT "{'categoryGroup':'audit','enabled':true}"
#define ROW_OFF "{'category':'AuditEvent','enabled':false}"

struct request_case {
    const char *name;
    const char *remedy;
    uint32_t resource;
    const char *subject;
    const char *settings; /* NULL: none */
    const char *allow;    /* option, NULL: default */
    enum kv_target_state state;
    const char *method;
    const char *path;
    const char *body;
};

#define VAULT_PATH STAGE_PAY "?api-version=2026-02-01"
#define NEW_SETTING(name)                                                      \
    STAGE_PAY "/providers/Microsoft.Insights/diagnosticSettings/" name         \
              "?api-version=2021-05-01-preview"
#define SETTING_BODY                                                           \
    "{'properties':{'workspaceId':'" LOG_A                                     \
    "','logAnalyticsDestinationType':'Dedicated','logs':[" ROW_AUDIT "]}}"
#define SETTINGS(rows) "{'value':[" rows "]}"

static const struct request_case requests[] = {
    { "purge protection", "purge-protection-on", PAY,
        "{'properties':{'enableSoftDelete':true}}", NULL, NULL, KV_TARGET_READY,
        "PATCH", VAULT_PATH, "{'properties':{'enablePurgeProtection':true}}" },
    { "purge protection without soft delete", "purge-protection-on", PAY,
        "{'properties':{}}", NULL, NULL, KV_TARGET_READY, "PATCH", VAULT_PATH,
        "{'properties':{'enableSoftDelete':true,"
        "'enablePurgeProtection':true}}" },
    { "purge protection of an HSM", "purge-protection-on", HSM,
        "{'properties':{}}", NULL, NULL, KV_TARGET_READY, "PATCH",
        STAGE_HSM("hsm-core") "?api-version=2026-02-01",
        "{'properties':{'enablePurgeProtection':true}}" },
    { "purge protection is on", "purge-protection-on", PAY,
        "{'properties':{'enablePurgeProtection':true}}", NULL, NULL,
        KV_TARGET_NOTHING, "PATCH", VAULT_PATH, NULL },
    { "firewall without networkAcls", "firewall-on", PAY, "{'properties':{}}",
        NULL, NULL, KV_TARGET_READY, "PATCH", VAULT_PATH,
        "{'properties':{'networkAcls':{'bypass':'AzureServices',"
        "'defaultAction':'Deny','ipRules':[],'virtualNetworkRules':[]}}}" },
    { "firewall keeps what was read", "firewall-on", PAY,
        "{'properties':{'networkAcls':{'bypass':'None','defaultAction':'Allow',"
        "'ipRules':[{'value':'203.0.113.7/32'}],'virtualNetworkRules':"
        "[{'id':'/s/1','ignoreMissingVnetServiceEndpoint':true}]}}}",
        NULL, "198.51.100.0/24, 203.0.113.7", KV_TARGET_READY, "PATCH",
        VAULT_PATH,
        "{'properties':{'networkAcls':{'bypass':'None','defaultAction':'Deny',"
        "'ipRules':[{'value':'203.0.113.7/32'},{'value':'198.51.100.0/24'}],"
        "'virtualNetworkRules':"
        "[{'id':'/s/1','ignoreMissingVnetServiceEndpoint':true}]}}}" },
    { "firewall is on", "firewall-on", PAY,
        "{'properties':{'networkAcls':{'defaultAction':'deny'}}}", NULL, NULL,
        KV_TARGET_NOTHING, "PATCH", VAULT_PATH, NULL },
    { "diagnostics", "diagnostics-on", PAY, "{'properties':{}}", NULL, NULL,
        KV_TARGET_READY, "PUT", NEW_SETTING("kvgov-audit"), SETTING_BODY },
    { "diagnostics never replace a setting", "diagnostics-on", PAY,
        "{'properties':{}}",
        SETTINGS(SETTING("KVGOV-audit", LOG_B, ROW_AUDIT) "," SETTING(
            "kvgov-audit-2", LOG_A, ROW_OFF)),
        NULL, KV_TARGET_READY, "PUT", NEW_SETTING("kvgov-audit-3"),
        SETTING_BODY },
    { "diagnostics are sent already", "diagnostics-on", PAY,
        "{'properties':{}}", SETTINGS(SETTING("mine", LOG_A, ROW_AUDIT)), NULL,
        KV_TARGET_NOTHING, "PUT", NEW_SETTING("kvgov-audit"), NULL },
    { "five settings are there", "diagnostics-on", PAY, "{'properties':{}}",
        SETTINGS(SETTING("a", LOG_B, ROW_AUDIT) "," SETTING(
            "b", LOG_B, "") "," SETTING("c", LOG_B, "") "," SETTING("d", LOG_B,
            "") "," SETTING("e", LOG_B, "")),
        NULL, KV_TARGET_BLOCKED, "PUT", NEW_SETTING("kvgov-audit"), NULL },
};

static const char *type_of(const struct request_case *row)
{
    if (strcmp(row->method, "PUT") == 0)
        return "Microsoft.Insights/diagnosticSettings";
    return row->resource == HSM ? "Microsoft.KeyVault/managedHSMs"
                                : "Microsoft.KeyVault/vaults";
}

/* Every body that is sent is one that Microsoft's types allow. */
static void assert_type(const struct request_case *row, const char *body)
{
    bool made = strcmp(row->method, "PUT") == 0;
    struct types *types =
        types_open(made ? "Microsoft.Insights.2021-05-01-preview.json"
                        : "Microsoft.KeyVault.2026-02-01.json");
    struct buf problems = { .limit = 4096 };
    json_t *sent = json_loads(body, 0, NULL);

    if (!types_check(types, type_of(row), sent, made ? TYPES_WHOLE : TYPES_PART,
            &problems))
        fail_with("%s: %s", row->name, buf_text(&problems));
    json_decref(sent);
    buf_done(&problems);
    types_close(types);
}

static void request_check(const struct request_case *row)
{
    struct stage *stage = stage_new();
    struct kv_error err = { 0 };
    const struct kv_target *target = NULL;
    struct kv_plan *plan = NULL;

    print_message("  %s\n", row->name);
    stage_sinks(stage);
    stage_put(stage, stage_resources[row->resource].id, row->subject);
    if (row->settings)
        stage_put(stage,
            STAGE_PAY "/providers/Microsoft.Insights/diagnosticSettings",
            row->settings);
    plan = stage_plan_one(stage, row->remedy, row->resource);
    if (row->allow)
        assert_int_equal(plan_set(plan, "allow", row->allow, &err), KV_OK);
    target = kv_plan_target(plan, 0);
    if (target->state != row->state)
        fail_with("%s: expected %s, is %s: %s", row->name,
            kv_target_state_name(row->state),
            kv_target_state_name(target->state),
            target->message ? target->message : "");
    assert_int_equal(target->request_count, 1);
    assert_string_equal(target->requests[0].method, row->method);
    assert_string_equal(target->requests[0].path, row->path);
    if (row->body)
        assert_json(target->requests[0].body, row->body);
    assert_type(row, target->requests[0].body);
    assert_int_equal(target->read_at_s, STAGE_NOW_S);
    assert_no_write(stage);
    plan_free(plan);
    stage_free(stage);
}

static void test_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(requests); i++)
        request_check(&requests[i]);
}

/* ---- what a person is told ---- */

static void test_purge_protection_words(void **state)
{
    struct stage *stage = stage_new();
    const struct kv_target *target = NULL;
    struct kv_plan *plan = NULL;

    (void)state;
    stage_put(stage, STAGE_HSM("hsm-core"),
        "{'properties':{'softDeleteRetentionInDays':7}}");
    plan = stage_plan_one(stage, "purge-protection-on", HSM);
    target = kv_plan_target(plan, 0);
    assert_contains(target->undo, "never");
    assert_contains(target->impact, "Microsoft included");
    assert_int_equal(find_check(target, "billed")->state, KV_CHECK_WARN);
    assert_contains(find_check(target, "billed")->text, "7 days");
    assert_contains(find_check(target, "recommended")->text, "90");
    assert_int_equal(
        find_check(target, "you hold Microsoft.KeyVault/managedHSMs/write")
            ->state,
        KV_CHECK_OK);
    plan_free(plan);
    stage_free(stage);
}

static void test_firewall_words(void **state)
{
    struct stage *stage = stage_new();
    const struct kv_target *target = NULL;
    const struct kv_change *change = NULL;
    struct kv_plan *plan = NULL;

    (void)state;
    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'bypass':'AzureServices',"
        "'defaultAction':'Allow','ipRules':[],'virtualNetworkRules':[]},"
        "'privateEndpointConnections':[{'properties':"
        "{'privateLinkServiceConnectionState':{'status':'Approved'}}},"
        "{'properties':{'privateLinkServiceConnectionState':"
        "{'status':'Pending'}}}]}}");
    plan = stage_plan_one(stage, "firewall-on", PAY);
    target = kv_plan_target(plan, 0);
    change = find_change(target, "properties.networkAcls.defaultAction");
    assert_string_equal(change->before, "\"Allow\"");
    assert_string_equal(change->after, "\"Deny\"");
    change = find_change(target, "properties.networkAcls.bypass");
    assert_string_equal(change->after, "\"AzureServices\"");
    assert_contains(change->note, "trusted Azure services still pass");
    assert_contains(target->impact, "1 approved private endpoint");
    assert_contains(target->impact, "UNKNOWN");
    assert_int_equal(
        find_check(target, "recent callers")->state, KV_CHECK_UNKNOWN);
    assert_int_equal(
        find_check(target, "your own access")->state, KV_CHECK_UNKNOWN);
    assert_int_equal(
        find_check(target, "Resource Manager")->state, KV_CHECK_OK);
    assert_contains(target->requests[0].az, "az rest --method patch --url '" STAGE_PAY
                                "?api-version=2026-02-01' --body '{");
    plan_free(plan);
    stage_free(stage);
}

static void test_firewall_leaves_nobody(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);
    const struct kv_target *target = kv_plan_target(plan, 0);

    (void)state;
    assert_int_equal(
        find_check(target, "nobody but trusted")->state, KV_CHECK_WARN);
    assert_contains(target->undo, "explicit Allow");
    plan_free(plan);
    stage_free(stage);
}

static void test_diagnostics_words(void **state)
{
    struct stage *stage = stage_new();
    const struct kv_target *target = NULL;
    struct kv_plan *plan = NULL;

    (void)state;
    stage_sinks(stage);
    plan = stage_plan_one(stage, "diagnostics-on", PAY);
    target = kv_plan_target(plan, 0);
    assert_contains(target->takes, "90 minutes");
    assert_contains(target->impact, "billed");
    assert_null(find_change(target, "properties.workspaceId")->before);
    assert_int_equal(
        find_check(target, "you hold Microsoft.Insights/diagnosticSettings")
            ->state,
        KV_CHECK_OK);
    plan_free(plan);
    stage_free(stage);
}

/* ---- what blocks ---- */

struct block_case {
    const char *name;
    const char *remedy;
    const char *part; /* of the read that is answered so */
    long code;
    const char *body;
    enum kv_check_state state;
    const char *says;
};

#define READ_ONLY "{'name':'freeze','properties':{'level':'ReadOnly'}}"
#define NO_DELETE "{'name':'keep','properties':{'level':'CanNotDelete'}}"

static const struct block_case blocks[] = {
    { "no permission", "firewall-on", "/permissions?", 200,
        "{'value':[{'actions':['*/read'],'notActions':[]}]}", KV_CHECK_BLOCK,
        "you do not hold Microsoft.KeyVault/vaults/write" },
    { "taken away by notActions", "firewall-on", "/permissions?", 200,
        "{'value':[{'actions':['*'],'notActions':"
        "['microsoft.keyvault/*/WRITE']}]}",
        KV_CHECK_BLOCK, "you do not hold" },
    { "one block gives it", "firewall-on", "/permissions?", 200,
        "{'value':[{'actions':['*'],'notActions':['*/write']},"
        "{'actions':['Microsoft.KeyVault/vaults/write'],'notActions':[]}]}",
        KV_CHECK_OK, "you hold Microsoft.KeyVault/vaults/write" },
    { "permissions not readable", "firewall-on", "/permissions?", 403, "{}",
        KV_CHECK_UNKNOWN, "UNKNOWN: your permissions" },
    { "permissions without a list", "firewall-on", "/permissions?", 200, "{}",
        KV_CHECK_UNKNOWN, "UNKNOWN: your permissions" },
    { "read-only lock", "firewall-on", "/locks?", 200,
        "{'value':[" READ_ONLY "]}", KV_CHECK_BLOCK, "\"freeze\"" },
    { "read-only lock, diagnostics", "diagnostics-on", "/locks?", 200,
        "{'value':[" NO_DELETE "," READ_ONLY "]}", KV_CHECK_BLOCK,
        "\"freeze\"" },
    { "a delete lock does not matter", "firewall-on", "/locks?", 200,
        "{'value':[" NO_DELETE "]}", KV_CHECK_OK, "no lock" },
    { "locks not readable", "firewall-on", "/locks?", 0, NULL, KV_CHECK_UNKNOWN,
        "UNKNOWN: locks" },
    { "still being made", "firewall-on", "kv-pay?", 200,
        "{'properties':{'provisioningState':'Provisioning'}}", KV_CHECK_BLOCK,
        "Provisioning" },
    { "a new kind of state", "firewall-on", "kv-pay?", 200,
        "{'properties':{'provisioningState':'Dreaming'}}", KV_CHECK_UNKNOWN,
        "Dreaming" },
    { "gone", "firewall-on", "kv-pay?", 404, "{}", KV_CHECK_BLOCK,
        "could not be read" },
    { "not an object", "firewall-on", "kv-pay?", 200, "[1]", KV_CHECK_BLOCK,
        "could not be read" },
    { "settings not readable", "diagnostics-on", "/diagnosticSettings?", 403,
        "{}", KV_CHECK_BLOCK, "Microsoft.Insights/diagnosticSettings/read" },
};

static void block_check(const struct block_case *row)
{
    struct stage *stage = stage_new();
    const struct kv_target *target = NULL;
    enum kv_target_state expected =
        row->state == KV_CHECK_BLOCK ? KV_TARGET_BLOCKED : KV_TARGET_READY;
    struct kv_plan *plan = NULL;

    print_message("  %s\n", row->name);
    stage_sinks(stage);
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = row->part,
                           .code = row->code,
                           .status = row->code ? KV_OK : KV_NETWORK,
                           .body = row->body });
    plan = stage_plan_one(stage, row->remedy, PAY);
    target = kv_plan_target(plan, 0);
    assert_int_equal(find_check(target, row->says)->state, row->state);
    assert_int_equal(target->state, expected);
    if (expected == KV_TARGET_BLOCKED)
        assert_contains(target->message, row->says);
    assert_no_write(stage);
    plan_free(plan);
    stage_free(stage);
}

static void test_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(blocks); i++)
        block_check(&blocks[i]);
}

static void test_disabled_subscription_blocks(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = NULL;

    (void)state;
    estate_take_subscription(stage->estate, STAGE_HOME, NULL, "Disabled");
    plan = stage_plan_one(stage, "firewall-on", PAY);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "Disabled");
    plan_free(plan);
    stage_free(stage);
}

static void test_lock_on_a_second_page_blocks(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = NULL;

    (void)state;
    stage_reply(stage,
        (struct stage_reply){ .method = "GET",
            .part = "/locks?",
            .code = 200,
            .body = "{'value':[],'nextLink':'https://arm.test/locks?p=2'}" });
    stage_reply(stage, (struct stage_reply){ .method = "GET",
                           .part = "p=2",
                           .code = 200,
                           .body = "{'value':[" READ_ONLY "]}" });
    plan = stage_plan_one(stage, "firewall-on", PAY);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    plan_free(plan);
    stage_free(stage);
}

static void test_endless_list_is_unknown(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = NULL;

    (void)state;
    stage_reply(stage,
        (struct stage_reply){ .method = "GET",
            .part = "/locks?",
            .code = 200,
            .times = 1000,
            .body = "{'value':[],'nextLink':'https://arm.test/locks?p'}" });
    plan = stage_plan_one(stage, "firewall-on", PAY);
    assert_int_equal(
        find_check(kv_plan_target(plan, 0), "no end")->state, KV_CHECK_UNKNOWN);
    plan_free(plan);
    stage_free(stage);
}

/* ---- options ---- */

static void test_allow_is_checked(void **state)
{
    static const struct {
        const char *value;
        const char *says; /* NULL: accepted */
    } rows[] = {
        { "", NULL },
        { "203.0.113.7", NULL },
        { " 203.0.113.7 , 198.51.100.0/24 ,", NULL },
        { "203.0.113.7,203.0.113.7/32", "listed twice" },
        { "10.1.2.3", "RFC 1918" },
        { "172.31.0.0/16", "RFC 1918" },
        { "192.168.0.0/24", "RFC 1918" },
        { "127.0.0.1", "loopback" },
        { "169.254.1.1", "link-local" },
        { "0.0.0.0/0", "this network" },
        { "8.0.0.0/5", "RFC 1918" },
        { "255.255.255.255", "reserved" },
        { "203.0.113.7/24", "beginning" },
        { "203.0.113.7/33", "not an IPv4" },
        { "203.0.113.7/", "not an IPv4" },
        { "203.0.113", "not an IPv4" },
        { "203.0.113.7.1", "not an IPv4" },
        { "203.0.113.256", "not an IPv4" },
        { "203.0.113.07", "not an IPv4" },
        { "2001:db8::1", "not an IPv4" },
        { "203.0.113.7 198.51.100.1", "not an IPv4" },
    };
    struct stage *stage = stage_new();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_error err = { 0 };
        enum kv_status status = plan_set(plan, "allow", rows[i].value, &err);

        if (!rows[i].says && status != KV_OK)
            fail_with("\"%s\": %s", rows[i].value, err.text);
        if (rows[i].says)
            assert_int_equal(status, KV_BAD_INPUT);
        if (rows[i].says && !strstr(err.text, rows[i].says))
            fail_with("\"%s\": %s", rows[i].value, err.text);
    }
    assert_string_equal(
        kv_plan_option(plan, 0)->value, " 203.0.113.7 , 198.51.100.0/24 ,");
    plan_free(plan);
    stage_free(stage);
}

static void put_addresses(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_putf(out, "203.%d.%d.1,", i / 250, i % 250);
}

static void test_a_thousand_rules_at_most(void **state)
{
    struct stage *stage = stage_new();
    struct buf list = { .limit = 1u << 16 };
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    (void)state;
    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'ipRules':"
        "[{'value':'198.51.100.0/24'}]}}}");
    plan = stage_plan_one(stage, "firewall-on", PAY);
    put_addresses(&list, 999);
    assert_int_equal(plan_set(plan, "allow", buf_text(&list), &err), KV_OK);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    buf_clear(&list);
    put_addresses(&list, 1000);
    assert_int_equal(plan_set(plan, "allow", buf_text(&list), &err), KV_OK);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "1001");
    put_addresses(&list, 1);
    buf_puts(&list, "198.51.100.9");
    assert_int_equal(
        plan_set(plan, "allow", buf_text(&list), &err), KV_BAD_INPUT);
    buf_done(&list);
    plan_free(plan);
    stage_free(stage);
}

static void test_workspace_is_the_neighbours(void **state)
{
    struct stage *stage = stage_new();
    struct kv_error err = { 0 };
    struct kv_diagnostic row = {
        .name = "x", .workspace_id = LOG_B, .audit = true
    };
    struct kv_plan *plan = NULL;

    (void)state;
    stage_sinks(stage);
    estate_take_diagnostics(stage->estate, WEB, &row, 1,
        (struct kv_facet_status){ KV_FACET_READY, STAGE_NOW_S, NULL });
    plan = stage_plan_one(stage, "diagnostics-on", PAY);
    assert_string_equal(kv_plan_option(plan, 0)->value, LOG_B);
    assert_int_equal(kv_plan_option(plan, 0)->choice_count, 2);
    assert_contains(kv_plan_target(plan, 0)->requests[0].body, LOG_B);
    assert_int_equal(plan_set(plan, "workspace", LOG_A, &err), KV_OK);
    assert_contains(kv_plan_target(plan, 0)->requests[0].body, LOG_A);
    assert_int_equal(
        plan_set(plan, "workspace", "elsewhere", &err), KV_BAD_INPUT);
    assert_contains(kv_plan_target(plan, 0)->requests[0].body, LOG_A);
    plan_free(plan);
    stage_free(stage);
}

static void test_no_workspace_blocks(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = stage_plan_one(stage, "diagnostics-on", PAY);

    (void)state;
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_BLOCKED);
    assert_contains(kv_plan_target(plan, 0)->message, "create one");
    assert_int_equal(kv_plan_target(plan, 0)->request_count, 0);
    plan_free(plan);
    stage_free(stage);
}

/* ---- what cannot be planned ---- */

static void test_bad_input(void **state)
{
    static const struct {
        const char *remedy;
        const char *row;
        uint32_t resource;
        size_t count;
        const char *says;
    } rows[] = {
        { "make-coffee", NULL, PAY, 1, "make-coffee" },
        { "soft-delete-on", NULL, HSM, 1, "hsm-core" },
        { "firewall-on", NULL, 99, 1, "not in the estate" },
        { "firewall-on", NULL, PAY, 0, "No target" },
        { "firewall-on", "NET-0", PAY, 1, "NET-0" },
    };
    struct stage *stage = stage_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct kv_error err = { 0 };
        struct kv_plan *plan = NULL;

        assert_int_equal(plan_new(&plan, &stage->port, "p",
                             &(struct kv_plan_order){
                                 .remedy = rows[i].remedy,
                                 .row = rows[i].row,
                                 .resources = &rows[i].resource,
                                 .count = rows[i].count,
                             },
                             &err),
            KV_BAD_INPUT);
        assert_contains(err.text, rows[i].says);
        assert_null(plan);
    }
    assert_int_equal(stage->count, 0);
    stage_free(stage);
}

static void test_refresh_reads_again(void **state)
{
    struct stage *stage = stage_new();
    struct kv_plan *plan = stage_plan_one(stage, "firewall-on", PAY);

    (void)state;
    stage_put(stage, STAGE_PAY,
        "{'properties':{'networkAcls':{'defaultAction':'Deny'}}}");
    plan_refresh(plan);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READING);
    plan_refresh(plan); /* answers of the first are not looked at */
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READY);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_NOTHING);
    plan_free(plan);
    stage_free(stage);
}

static void test_drop_while_reading(void **state)
{
    const uint32_t both[] = { PAY, WEB, PAY };
    struct stage *stage = stage_new();
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;

    (void)state;
    assert_int_equal(plan_new(&plan, &stage->port, "p-1",
                         &(struct kv_plan_order){
                             .remedy = "firewall-on",
                             .resources = both,
                             .count = LENGTH(both),
                         },
                         &err),
        KV_OK);
    assert_int_equal(kv_plan_target_count(plan), 2);
    plan_drop_target(plan, 1);
    stage_play(stage);
    assert_int_equal(kv_plan_state(plan), KV_PLAN_READY);
    assert_int_equal(kv_plan_target(plan, 0)->state, KV_TARGET_READY);
    assert_int_equal(kv_plan_target(plan, 1)->state, KV_TARGET_STOPPED);
    plan_free(plan);
    stage_free(stage);
}

static void test_free_while_reading(void **state)
{
    struct stage *stage = stage_new();
    struct kv_error err = { 0 };
    struct kv_plan *plan = NULL;
    uint32_t resource = PAY;

    (void)state;
    assert_int_equal(plan_new(&plan, &stage->port, "p-1",
                         &(struct kv_plan_order){
                             .remedy = "firewall-on",
                             .resources = &resource,
                             .count = 1,
                         },
                         &err),
        KV_OK);
    assert_true(plan_busy(plan));
    assert_true(stage_step(stage));
    plan_free(plan); /* the sanitizer sees what outlives it */
    stage_play(stage);
    stage_free(stage);
}

/* ---- confirmation ---- */

struct confirm_case {
    const char *remedy;
    uint32_t targets;
    enum kv_grade grade;
    enum kv_confirm_kind kind;
    const char *expect;
    const char *raised;
    uint32_t hold_ms;
    bool cannot_be_undone;
};

static const struct confirm_case confirmations[] = {
    { "diagnostics-on", 1, KV_GRADE_SAFE, KV_CONFIRM_KEY, "y", "", 0, false },
    { "diagnostics-on", 10, KV_GRADE_SAFE, KV_CONFIRM_KEY, "y", "", 0, false },
    { "diagnostics-on", 11, KV_GRADE_ACCESS, KV_CONFIRM_TEXT, "log 11",
        "11 targets", 0, false },
    { "diagnostics-on", 1001, KV_GRADE_ONE_WAY, KV_CONFIRM_TEXT, "",
        "1,001 targets", 3000, false },
    { "firewall-on", 1, KV_GRADE_ACCESS, KV_CONFIRM_TEXT, "v-0", "", 0, false },
    { "firewall-on", 3, KV_GRADE_ACCESS, KV_CONFIRM_TEXT, "restrict 3", "", 0,
        false },
    { "firewall-on", 1000, KV_GRADE_ACCESS, KV_CONFIRM_TEXT, "restrict 1000",
        "", 0, false },
    { "purge-protection-on", 1, KV_GRADE_ONE_WAY, KV_CONFIRM_TEXT, "v-0", "",
        3000, true },
    { "purge-protection-on", 2, KV_GRADE_ONE_WAY, KV_CONFIRM_TEXT, "",
        "drop the other 1", 3000, true },
    { "firewall-on", 0, KV_GRADE_ACCESS, KV_CONFIRM_TEXT, "", "", 0, false },
};

static void confirm_check(struct stage *stage, const struct confirm_case *row)
{
    struct kv_plan *plan = plan_make(&stage->port, "p",
        kv_remedy_find(row->remedy), row->targets ? row->targets : 1);
    struct kv_confirmation found;

    for (uint32_t i = 0; i < row->targets; i++) {
        char name[16];

        snprintf(name, sizeof name, "v-%u", (unsigned)i);
        plan_add_target(plan, "/x", name, i);
        target_enter(plan, &plan->targets[i], KV_TARGET_READY);
    }
    kv_plan_confirmation(plan, &found);
    print_message("  %s on %u\n", row->remedy, (unsigned)row->targets);
    assert_int_equal(found.grade, row->grade);
    assert_int_equal(found.kind, row->kind);
    assert_string_equal(found.expect, row->expect);
    assert_contains(found.raised, row->raised);
    assert_int_equal(found.raised[0] != '\0', row->raised[0] != '\0');
    assert_int_equal(found.hold_ms, row->hold_ms);
    assert_int_equal(found.cannot_be_undone, row->cannot_be_undone);
    assert_int_equal(found.targets, row->targets);
    plan_free(plan);
}

static void test_confirmations(void **state)
{
    struct stage *stage = stage_new();

    (void)state;
    for (size_t i = 0; i < LENGTH(confirmations); i++)
        confirm_check(stage, &confirmations[i]);
    stage_free(stage);
}

static void test_rows_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < kv_remedies_count; i++) {
        const struct kv_remedy *row = &kv_remedies[i];

        assert_non_null(row->id);
        assert_non_null(row->title);
        assert_non_null(row->verb);
        assert_non_null(row->sentence);
        assert_non_null(row->effect);
        assert_true(row->kinds != 0);
        assert_ptr_equal(kv_remedy_find(row->id), row);
        assert_true(kv_catalogue_find(row->recommendation) != KV_NONE);
        assert_true(kv_grade_name(row->grade)[0] == 'G');
        assert_non_null(row->work->plan);
        assert_int_equal(row->undo, row->work->undo.impact != NULL);
    }
    assert_null(kv_remedy_find("make-coffee"));
    assert_null(kv_remedy_find(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_purge_protection_words),
        cmocka_unit_test(test_firewall_words),
        cmocka_unit_test(test_firewall_leaves_nobody),
        cmocka_unit_test(test_diagnostics_words),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_disabled_subscription_blocks),
        cmocka_unit_test(test_lock_on_a_second_page_blocks),
        cmocka_unit_test(test_endless_list_is_unknown),
        cmocka_unit_test(test_allow_is_checked),
        cmocka_unit_test(test_a_thousand_rules_at_most),
        cmocka_unit_test(test_workspace_is_the_neighbours),
        cmocka_unit_test(test_no_workspace_blocks),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_refresh_reads_again),
        cmocka_unit_test(test_drop_while_reading),
        cmocka_unit_test(test_free_while_reading),
        cmocka_unit_test(test_confirmations),
        cmocka_unit_test(test_rows_are_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
