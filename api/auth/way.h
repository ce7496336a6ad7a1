/* A way to sign in, as the chain sees it: a table of functions and the few
 * things that every way needs. */
#ifndef WAY_H
#define WAY_H

#include "auth.h"
#include "token.h"

/* What a claims challenge means, as far as anybody can tell. */
#define WAY_MORE_PROOF                                                         \
    "Azure asks for more proof of who you are, most often multifactor "        \
    "authentication."

/* What a way may use and whom it tells. All of it outlives the way. */
struct way_port {
    struct http *http;
    const struct auth_cloud *cloud;
    const char *tenant; /* the one that was chosen; NULL when none was */
    char **environment;
    bool chosen; /* the only one that is allowed */
    uint32_t backoff_ms;
    /* The answer to ask(), once: a grant that the callee may take from, or
     * NULL and why not. May come from inside ask(). */
    void (*done)(
        void *context, struct grant *grant, const struct kv_error *err);
    /* There is something new to show. */
    void (*changed)(void *context);
    void *context;
};

/* What ask() is to bring; the strings are borrowed until it answered. */
struct way_wish {
    const char *audience; /* "https://vault.azure.net" */
    const char *claims;   /* JSON, NULL: none */
    bool keep; /* not the sign-in itself: being refused must not end that */
};

/* The start of each way's own struct. */
struct way {
    const struct way_ops *ops;
    struct way_port port;
    struct way_wish wish;
    uint64_t request; /* in flight; 0 none */
};

struct way_ops {
    const char *name; /* "client secret" */
    /* Somebody configured it on purpose: when it fails, no other identity
     * takes its place unasked. */
    bool exclusive;
    /* A person, who may prove more with a device code. */
    bool personal;
    struct way *(*open)(void);
    void (*close)(struct way *way); /* after stop() */
    /* Whether there is anything to try; else puts a sentence that says what
     * is missing. */
    bool (*applies)(struct way *way, struct buf *missing);
    void (*ask)(struct way *way);
    /* Gives up what was asked: done() is not called any more. */
    void (*stop)(struct way *way);
    /* These three may be NULL. */
    int (*fd)(const struct way *way);         /* -1 when there is none */
    int64_t (*due_ms)(const struct way *way); /* steady; INT64_MAX: nothing */
    void (*step)(struct way *way);
};

extern const struct way_ops way_secret;
extern const struct way_ops way_certificate;
extern const struct way_ops way_federated;
extern const struct way_ops way_managed;
extern const struct way_ops way_cli;
extern const struct way_ops way_device;

/* What the device-code way shows to the person; all "" and 0 without a code. */
struct device_code {
    const char *user_code;
    const char *verification_uri;
    int64_t expires_at_s;
};
struct device_code way_device_code(const struct way *way);
/* Forgets the refresh token, so that the next ask() shows a new code. */
void way_device_forget(struct way *way);

/* ---- for the ways ---- */

/* A form to one of Entra's endpoints; `done` gets the way. */
struct way_form {
    const char *tenant;
    const char *endpoint; /* "token", "devicecode" */
    const struct form *form;
    bool repeatable;
    void (*done)(void *way, const struct http_answer *answer);
};
/* Puts its address. */
void way_put_endpoint(const struct way *way, struct buf *out,
    const char *tenant, const char *endpoint);
void way_post(struct way *way, const struct way_form *form);
void way_cancel(struct way *way);

/* Ends ask() by what a token endpoint answered. */
void way_take_answer(struct way *way, const struct http_answer *answer,
    const char *what, const char *account);
void way_fail(struct way *way, const struct kv_error *err);

/* Puts the audience, "https://management.azure.com/.default", with the wish for
 * a refresh token where one is of use, and the claims. */
void way_put_wish(const struct way *way, struct form *form, bool offline);

/* Puts that the application AZURE_CLIENT_ID asks; all but its proof. */
void way_put_application(const struct way *way, struct form *form);
/* Whether the environment names an application and a tenant for a proof,
 * "a client secret", that is there; else puts what is missing. */
bool way_has_application(
    const struct way *way, const char *proof, struct buf *missing);
/* Puts a signed statement of who the application is (RFC 7523). */
void way_put_assertion(struct form *form, struct view assertion);

/* The tenant that was chosen, else AZURE_TENANT_ID, else NULL. */
const char *way_tenant(const struct way *way);
/* A variable of the environment; NULL when it is unset or empty. */
const char *way_getenv(const struct way *way, const char *name);
/* A GUID or a domain: nothing that would change the path that it is put in. */
bool way_tenant_is_plain(const char *tenant);

#endif
