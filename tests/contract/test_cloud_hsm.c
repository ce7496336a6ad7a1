/* Backup and restore of a managed HSM: started, followed to their end, and
 * what they leave behind. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base.h"
#include "cloud_owner.h"

#define AUTH "/providers/Microsoft.Authorization/roleAssignments/"
#define GUID "0f0f0f0f-1111-4222-8333-444444444444"
#define V "?api-version=7.6"
#define STORE                                                                  \
    "{\"storageResourceUri\":\"https://a.blob.core.windows.net/c\","           \
    "\"useManagedIdentity\":true}"
#define ROLE                                                                   \
    "{\"properties\":{\"roleDefinitionId\":\"Microsoft.KeyVault/providers/"    \
    "Microsoft.Authorization/roleDefinitions/"                                 \
    "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3\",\"principalId\":\"84172879-0fbf-"  \
    "4359-b381-d80a0a6d01a2\"}}"

static int start(void **state)
{
    *state = owner_open();
    return 0;
}

static int stop(void **state)
{
    owner_close(*state);
    return 0;
}

static struct answer hsm(const struct owner *owner, const char *method,
    const char *path, const char *body, int status)
{
    return owner_expect(owner,
        &(struct owner_ask){
            PLANE_HSM, "hsm-pay-prod-weu", method, path, body },
        status);
}

static void hsm_done(const struct owner *owner, const char *method,
    const char *path, const char *body, int status)
{
    struct answer answer = hsm(owner, method, path, body, status);

    answer_done(&answer);
}

/* Starts a job where `place` is and follows its header to the end, whose
 * answer is the caller's. */
static struct answer run(const struct owner *owner, const char *method,
    const char *path, const char *body)
{
    struct answer answer = hsm(owner, method, path, body, 202);
    char *address = answer_header(&answer, "Azure-AsyncOperation");
    char *wait = answer_header(&answer, "Retry-After");
    const char *at = address ? strstr(address, "://") : NULL;
    struct buf poll = { .limit = 512 };

    assert_non_null(at);
    assert_non_null(wait);
    assert_string_equal(answer_text(&answer, "status"), "InProgress");
    assert_true(json_is_null(json_path(answer.body, "endTime")));
    buf_putf(&poll, "%s" V, strchr(at + 3, '/'));
    for (int i = 0; i < 5; i++) {
        if (strcmp(answer_text(&answer, "status"), "InProgress") != 0)
            break;
        answer_done(&answer);
        answer = hsm(owner, "GET", buf_text(&poll), NULL, 200);
    }
    mem_free(address);
    mem_free(wait);
    buf_done(&poll);
    return answer;
}

/* "mhsm-...", from where the answer says that the backup lies; mem_free(). */
static char *folder_of(const struct answer *answer)
{
    const char *container = answer_text(answer, "azureStorageBlobContainerUri");
    const char *folder = strrchr(container, '/');

    assert_non_null(folder);
    return mem_copy_text(folder + 1);
}

static char *backup(const struct owner *owner)
{
    struct answer answer = run(owner, "POST", "/backup" V, STORE);

    assert_string_equal(answer_text(&answer, "status"), "Succeeded");
    char *folder = folder_of(&answer);
    answer_done(&answer);
    return folder;
}

static struct answer restore(const struct owner *owner, const char *path,
    const char *member, const char *folder)
{
    char body[400];

    (void)snprintf(body, sizeof body,
        "{\"sasTokenParameters\":" STORE ",\"%s\":\"%s\"}", member, folder);
    return run(owner, "PUT", path, body);
}

/* A full restore brings back what was, and takes away what came later. */
static void test_full(void **state)
{
    struct owner *owner = *state;
    char *folder = backup(owner);
    struct answer answer;

    hsm_done(owner, "PUT", "/keys" AUTH GUID V, ROLE, 201);
    answer = restore(owner, "/prerestore" V, "folderToRestore", folder);
    assert_string_equal(answer_text(&answer, "status"), "Succeeded");
    answer_done(&answer);
    hsm_done(owner, "GET", "/keys" AUTH GUID V, NULL, 200);
    answer = restore(owner, "/restore" V, "folderToRestore", folder);
    assert_string_equal(answer_text(&answer, "status"), "Succeeded");
    answer_done(&answer);
    hsm_done(owner, "GET", "/keys" AUTH GUID V, NULL, 404);
    mem_free(folder);
}

static void test_unknown_folder(void **state)
{
    struct answer answer =
        restore(*state, "/restore" V, "folderToRestore", "mhsm-other-1");

    assert_string_equal(answer_text(&answer, "status"), "Failed");
    assert_true(*answer_text(&answer, "error.message") != '\0');
    answer_done(&answer);
}

/* One key comes back only where none of its name is. */
static void test_selective(void **state)
{
    struct owner *owner = *state;
    char *folder = backup(owner);
    char body[400];
    struct answer answer;

    (void)snprintf(body, sizeof body,
        "{\"sasTokenParameters\":" STORE ",\"folder\":\"%s\"}", folder);
    hsm_done(owner, "PUT", "/keys/pin-block/restore" V, body, 409);
    answer = restore(owner, "/keys/never-was/restore" V, "folder", folder);
    assert_string_equal(answer_text(&answer, "status"), "Failed");
    answer_done(&answer);
    mem_free(folder);
}

static void test_checks(void **state)
{
    struct owner *owner = *state;
    struct answer answer = run(owner, "POST", "/prebackup" V, STORE);

    assert_string_equal(answer_text(&answer, "status"), "Succeeded");
    answer_done(&answer);
    hsm_done(owner, "POST", "/prebackup" V, "{}", 400);
    hsm_done(owner, "POST", "/prebackup?api-version=7.4", STORE, 400);
    hsm_done(owner, "PUT", "/restore" V, "{\"folderToRestore\":\"f\"}", 400);
}

static void test_failing(void **state)
{
    struct owner *owner = *state;

    cloud_fault(owner->cloud, "POST *backup fail-operation");
    struct answer answer = run(owner, "POST", "/backup" V, STORE);
    assert_string_equal(answer_text(&answer, "status"), "Failed");
    assert_string_equal(
        answer_text(&answer, "error.code"), "InternalServerError");
    answer_done(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_full, start, stop),
        cmocka_unit_test_setup_teardown(test_unknown_folder, start, stop),
        cmocka_unit_test_setup_teardown(test_selective, start, stop),
        cmocka_unit_test_setup_teardown(test_checks, start, stop),
        cmocka_unit_test_setup_teardown(test_failing, start, stop),
    };

    return cmocka_run_group_tests_name("cloud hsm", tests, NULL, NULL);
}
