/* Masking: what is replaced, by what, and that it is always the same. */
#include "test.h"

#include "base.h"
#include "mask.h"

#include <string.h>

static const unsigned char key[16] = "0123456789abcdef";

static struct mask *make(const unsigned char with[16])
{
    struct mask *mask = mask_new_with(with);

    mask_add(mask, MASK_TENANT, "contoso.com");
    mask_add(mask, MASK_VAULT, "kv-pay");
    mask_add(mask, MASK_VAULT, "kv-pay-prod-weu");
    mask_add(mask, MASK_SUBSCRIPTION, "Contoso Payments Prod");
    mask_add(mask, MASK_PERSON, "Contoso Vault Operations");
    mask_add(mask, MASK_PERSON, "Anybody (guest)");
    mask_add(mask, MASK_OBJECT, "db");
    for (int i = 0; i < 1000; i++) {
        struct buf name = { .limit = 32 };

        buf_putf(&name, "object-%d", i);
        mask_add(mask, MASK_OBJECT, buf_text(&name));
        buf_done(&name);
    }
    return mask;
}

static const char *masked(
    const struct mask *mask, const char *text, struct buf *out)
{
    buf_clear(out);
    mask_put(mask, view_of(text), out);
    return buf_text(out);
}

struct mask_row {
    const char *text;
    const char *parts[4]; /* what must be in it */
    const char *lacks;
};

static const struct mask_row mask_rows[] = {
    { "kv-pay-prod-weu is open", { "vault-", " is open" }, "kv-pay" },
    { "KV-PAY-PROD-WEU.vault.azure.net", { "vault-", ".vault.azure.net" },
        "PAY" },
    { "kv-payroll stays", { "kv-payroll stays" }, "vault-" },
    { "my-kv-pay stays", { "my-kv-pay stays" }, "vault-" },
    { "in Contoso Payments Prod.", { "in sub-", "." }, "Payments" },
    { "Contoso Vault Operations (23e32404-dc7a-4041-b895-2a1997b41ee2)",
        { "who-", " (", "-4000-8000-", ")" }, "23e32404" },
    { "Anybody (guest) may", { "who-", " may" }, "guest" },
    { "jo@contoso.com, x", { "who-", ", x" }, "contoso" },
    { "db is too short", { "db is too short" }, "object-" },
    { "[object-7]", { "[object-", "]" }, "object-7]" },
    { "/subscriptions/23e32404-dc7a-4041-b895-2a1997b41ee2/resourceGroups/rg-x"
      "/providers/Microsoft.KeyVault/vaults/kv-unknown/secrets/pw",
        { "/subscriptions/", "/resourceGroups/rg-",
            "/providers/Microsoft.KeyVault/vaults/vault-", "/secrets/object-" },
        "kv-unknown" },
    { "it needs Microsoft.KeyVault/vaults/read",
        { "it needs Microsoft.KeyVault/vaults/read" }, NULL },
    { "https://x.vault.azure.net/secrets/pw", { "/secrets/object-" }, "/pw" },
    { "97.7% of 47", { "97.7% of 47" }, NULL },
    { "", { "" }, NULL },
};

static void replacing(void **state)
{
    struct mask *mask = make(key);
    struct buf out = { .limit = 4096 };

    (void)state;
    for (size_t i = 0; i < LENGTH(mask_rows); i++) {
        const struct mask_row *row = &mask_rows[i];
        const char *text = masked(mask, row->text, &out);

        for (size_t at = 0; at < LENGTH(row->parts) && row->parts[at]; at++)
            if (!strstr(text, row->parts[at]))
                fail_with("%s: %s lacks %s", row->text, text, row->parts[at]);
        if (row->lacks && strstr(text, row->lacks))
            fail_with("%s: %s has %s", row->text, text, row->lacks);
    }
    buf_done(&out);
    mask_free(mask);
}

/* One name is one pseudonym, whatever its case, what else is known, and
 * whenever; another key gives another one. */
static void always_the_same(void **state)
{
    static const unsigned char other_key[16] = "fedcba9876543210";
    struct mask *mask = make(key);
    struct mask *small = mask_new_with(key);
    struct mask *other = make(other_key);
    struct buf a = { .limit = 256 };
    struct buf b = { .limit = 256 };

    (void)state;
    mask_add(small, MASK_VAULT, "KV-Pay");
    assert_string_equal(
        masked(mask, "kv-pay", &a), masked(small, "kV-pAY", &b));
    assert_string_not_equal(
        masked(mask, "kv-pay", &a), masked(other, "kv-pay", &b));
    assert_string_not_equal(
        masked(mask, "object-1", &a), masked(mask, "object-2", &b));
    buf_done(&b);
    buf_done(&a);
    mask_free(other);
    mask_free(small);
    mask_free(mask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replacing),
        cmocka_unit_test(always_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
