/* Wildcard patterns of role definitions against an action, a line each: the
 * matcher against one that is slow and plain. */
#include "fuzz.h"

#include "estate.h"

#define TEXT_LIMIT 128

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* reach[j]: the pattern so far matches the first j bytes of the action. */
static bool matches(const char *pattern, const char *action)
{
    size_t size = strlen(action);
    bool reach[TEXT_LIMIT + 1] = { true };

    for (; *pattern; pattern++) {
        bool next[TEXT_LIMIT + 1] = { *pattern == '*' && reach[0] };

        for (size_t j = 1; j <= size; j++)
            next[j] =
                *pattern == '*'
                    ? reach[j] || next[j - 1]
                    : reach[j - 1] && lower(*pattern) == lower(action[j - 1]);
        memcpy(reach, next, sizeof reach);
    }
    return reach[size];
}

/* What a pattern gives is never less than what it names. */
static void check_powers(const char *pattern)
{
    const char *const actions[] = { pattern };
    const struct kv_permission_block block = { .actions = actions,
        .action_count = 1,
        .data_actions = actions,
        .data_action_count = 1 };
    struct kv_estate *estate = estate_new();
    const struct kv_role *role;

    estate_take_role(estate,
        &(struct kv_role){
            .guid = "r", .name = "r", .block_count = 1, .blocks = &block });
    role = kv_estate_role(estate, 0);
    fuzz_check(!matches(pattern, "Microsoft.KeyVault/vaults/write") ||
               (role->powers & KV_POWER_VAULT_WRITE));
    fuzz_check(
        !matches(pattern, "Microsoft.Authorization/roleAssignments/write") ||
        (role->powers & KV_POWER_ASSIGN));
    estate_free(estate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view rest = fuzz_view(data, size < TEXT_LIMIT ? size : TEXT_LIMIT);
    char *pattern = fuzz_text(view_cut(&rest, '\n'));
    char *action = fuzz_text(rest);

    fuzz_check(
        role_pattern_matches(pattern, action) == matches(pattern, action));
    check_powers(pattern);
    mem_free(action);
    mem_free(pattern);
    return 0;
}
