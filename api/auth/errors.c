/* AADSTS numbers as sentences. The meanings are from Microsoft's reference of
 * Entra error codes; a row says what a person can do. By number. */
#include "errors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct reason {
    long number;
    const char *sentence;
};

#define AGAIN "sign in again"
#define MFA                                                                    \
    "multifactor authentication is needed: run 'az login' or use a "           \
    "device code"
#define DEVICE                                                                 \
    "a registered or compliant device is required, which a device "            \
    "code cannot prove: run 'az login' on such a device"
#define POLICY                                                                 \
    "a Conditional Access policy blocks this sign-in: run 'az "                \
    "login' or use a service principal that the policy allows"
#define BUSY "Entra is busy: wait a minute and try again"
#define ASSERTION                                                              \
    "the proof of who the application is was not accepted: check "             \
    "AZURE_CLIENT_ID, AZURE_TENANT_ID and the certificate or token"
#define MALFORMED                                                              \
    "the proof of who the application is could not be read: check the "        \
    "certificate or token file"
#define FEDERATED(what)                                                        \
    "no federated credential of the application has this token's " what        \
    ": compare the two, letter by letter"
#define NO_SERVICE                                                             \
    "the tenant does not know the service that is asked for: check the "       \
    "tenant and the cloud"
#define NOT_ALLOWED                                                            \
    "the application may not ask for this service: ask an administrator"
#define WRONG_CLOUD                                                            \
    "the tenant belongs to another national cloud: name that "                 \
    "cloud with --cloud"

static const struct reason reasons[] = {
    { 16000, "the account must be chosen again: " AGAIN },
    { 28000, "more than one resource was asked for at once" },
    { 50001, NO_SERVICE },
    { 50012, ASSERTION },
    { 50020, "the account is not in this tenant: check the tenant or ask to be "
             "invited as a guest" },
    { 50027, MALFORMED },
    { 50033, BUSY },
    { 50034, "the account is not in this tenant: check the name and the "
             "tenant" },
    { 50048, "the proof of who the application is names another one: check "
             "AZURE_CLIENT_ID" },
    { 50053, "the account is locked or the address is blocked: wait, or ask "
             "an administrator" },
    { 50055, "the password has expired: change it, then " AGAIN },
    { 50056, "the password is wrong" },
    { 50057, "the account is disabled: ask an administrator" },
    { 50058, AGAIN },
    { 50059, "the tenant is missing: set AZURE_TENANT_ID" },
    { 50072, MFA },
    { 50074, MFA },
    { 50076, MFA },
    { 50078, MFA },
    { 50079, MFA },
    { 50087, BUSY },
    { 50097, DEVICE },
    { 50105, "the account is not assigned to this application: ask an "
             "administrator" },
    { 50126, "the user name or the password is wrong" },
    { 50131, POLICY },
    { 50158, "an outside security check must be passed: run 'az login'" },
    { 50173, "the sign-in was revoked, for example by a new password: " AGAIN },
    { 50194, "the application is known in one tenant only: set "
             "AZURE_TENANT_ID" },
    { 50196, "Entra saw too many equal requests: wait five minutes" },
    { 51004, "the account is not in this tenant: check the tenant" },
    { 53000, DEVICE },
    { 53001, DEVICE },
    { 53003, POLICY },
    { 53004, "multifactor authentication must be set up first: sign in to the "
             "portal once" },
    { 53011, "the account is blocked because of risk: ask an administrator" },
    { 65001, "consent is missing: ask an administrator to consent to the "
             "application" },
    { 65002, NOT_ALLOWED },
    { 65004, "consent was declined" },
    { 70000, "the sign-in is no longer valid: " AGAIN },
    { 70001, "the application is not in this tenant: check AZURE_CLIENT_ID "
             "and AZURE_TENANT_ID" },
    { 70008, "the sign-in has expired: " AGAIN },
    { 70011, "this cloud does not know the audience: check the cloud" },
    { 70016, "the code has not been entered yet" },
    { 70018, "the code was not accepted: ask for a new one" },
    { 70019, "the code has expired: ask for a new one" },
    { 70021, FEDERATED("issuer, subject and audience") },
    { 70043, "the tenant asks for a fresh sign-in: " AGAIN },
    { 90002, "the tenant does not exist in this cloud: check AZURE_TENANT_ID" },
    { 90006, BUSY },
    { 90024, BUSY },
    { 90033, BUSY },
    { 90038, WRONG_CLOUD },
    { 90055, BUSY },
    { 90094, "an administrator must consent to the application" },
    { 500011, NO_SERVICE },
    { 530032, POLICY },
    { 530035, "the tenant's security defaults block this sign-in" },
    { 650057, NOT_ALLOWED },
    { 700016, "the application is not in this tenant: check AZURE_CLIENT_ID "
              "and AZURE_TENANT_ID" },
    { 700020, AGAIN },
    { 700021, MALFORMED },
    { 700022, "more than one resource was asked for at once" },
    { 700023, "the proof of who the application is was made for another login "
              "host: check AZURE_AUTHORITY_HOST" },
    { 700024, "the proof of who the application is has expired or is not valid "
              "yet: check this machine's clock" },
    { 700027, "the certificate is not registered for the application, or this "
              "machine's clock is wrong: upload the certificate in Entra" },
    { 700030, "the certificate's subject or issuer is not trusted for the "
              "application: ask an administrator" },
    { 700082, "the sign-in has expired because it was not used: " AGAIN },
    { 700211, FEDERATED("issuer") },
    { 700212, FEDERATED("audience") },
    { 700213, FEDERATED("subject") },
    { 700229, "a token of an application is needed, not a person's" },
    { 900382, WRONG_CLOUD },
    { 900432, WRONG_CLOUD },
    { 7000112, "the application is disabled: ask an administrator" },
    { 7000215, "the client secret is wrong: set AZURE_CLIENT_SECRET to the "
               "secret's value, not its ID" },
    { 7000218, "the application is no public client: allow public client flows "
               "for it" },
    { 7000222, "the client secret has expired: create a new one and set "
               "AZURE_CLIENT_SECRET" },
    { 9001023, "an application needs its own tenant: set AZURE_TENANT_ID" },
};

const char *refusal_sentence(long number)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].number == number)
            return reasons[i].sentence;
    return NULL;
}

long refusal_find_number(const char *text)
{
    const char *mark = text ? strstr(text, "AADSTS") : NULL;
    long number = mark ? strtol(mark + 6, NULL, 10) : 0;

    return number > 0 && number < 100000000 ? number : 0;
}

/* ---- an error body ---- */

static void text_copy(char *out, size_t size, struct view text)
{
    size_t length = text.size < size - 1 ? text.size : size - 1;

    if (length > 0)
        memcpy(out, text.data, length);
    out[length] = '\0';
}

static struct view text_get(const json_t *body, const char *name)
{
    return view_of(json_string_value(json_object_get(body, name)));
}

/* "AADSTS50034: The user account ... Trace ID: ..." is cut to its first
 * sentence's line, without the number. */
static struct view description_start(struct view text)
{
    struct view line = view_cut(&text, '\n');
    struct view rest = line;

    if (view_starts_nocase(line, view_of("AADSTS"))) {
        view_cut(&rest, ':');
        if (rest.size > 0)
            line = rest;
    }
    return view_trim(line);
}

void refusal_read(struct refusal *refusal, struct view text)
{
    json_t *body = json_loadb(text.data ? text.data : "", text.size, 0, NULL);
    struct view description = text_get(body, "error_description");

    *refusal = (struct refusal){ 0 };
    text_copy(refusal->error, sizeof refusal->error, text_get(body, "error"));
    text_copy(
        refusal->text, sizeof refusal->text, description_start(description));
    text_copy(refusal->correlation, sizeof refusal->correlation,
        text_get(body, "correlation_id"));
    refusal->number = (long)json_integer_value(
        json_array_get(json_object_get(body, "error_codes"), 0));
    if (refusal->number <= 0)
        refusal->number = refusal_find_number(description.data);
    json_decref(body);
}

static void reference_put(struct buf *out, const struct refusal *refusal)
{
    if (refusal->number > 0)
        buf_putf(out, " (AADSTS%ld", refusal->number);
    else if (refusal->error[0])
        buf_putf(out, " (%s", refusal->error);
    else
        return;
    if (refusal->correlation[0])
        buf_putf(out, ", correlation id %s", refusal->correlation);
    buf_putc(out, ')');
}

/* Whether Entra said no for good or could not say anything now. */
static enum kv_status refusal_status(
    const struct refusal *refusal, const struct http_answer *answer)
{
    if (answer->code == 429)
        return KV_THROTTLED;
    if (answer->code >= 500 ||
        strcmp(refusal->error, "temporarily_unavailable") == 0)
        return KV_SERVICE;
    return KV_SIGN_IN;
}

#define SKEW_S 300 /* Entra's own tolerance */

/* An assertion's times are this machine's: a wrong clock is told apart from a
 * wrong certificate by the answer's own date. */
static void skew_put(struct buf *out, const struct http_answer *answer)
{
    int64_t skew_s = answer->date_s ? clock_now_s() - answer->date_s : 0;

    if (skew_s > SKEW_S || skew_s < -SKEW_S)
        buf_putf(out, "; this machine's clock is %lld minutes %s",
            (long long)(skew_s > 0 ? skew_s : -skew_s) / 60,
            skew_s > 0 ? "fast" : "slow");
}

enum kv_status refusal_explain(const struct refusal *refusal, const char *what,
    const struct http_answer *answer, struct kv_error *err)
{
    const char *sentence = refusal_sentence(refusal->number);
    enum kv_status status = refusal_status(refusal, answer);
    struct buf reference = { .limit = 256 };

    if (answer->status != KV_OK) {
        if (err)
            *err = answer->error;
        return answer->status;
    }
    if (!sentence && refusal->text[0])
        sentence = refusal->text;
    skew_put(&reference, answer);
    reference_put(&reference, refusal);
    if (sentence || reference.size > 0)
        kv_error_set(err, status, "%s failed: %s%s", what,
            sentence ? sentence : "Entra said no", buf_text(&reference));
    else
        kv_error_set(err, status,
            "%s failed: the login host answered with HTTP %ld; check the "
            "cloud and try again",
            what, answer->code);
    buf_done(&reference);
    return status;
}
