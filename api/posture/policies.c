/* Which definitions of Azure Policy ask what a row asks: an exemption from one
 * of them is an exception of the row. A definition that several rows share
 * stands at each. */
#include "kvgov/posture.h"

#include <string.h>

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define RBAC "12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5"
#define FIREWALL "55615ac9-af46-4a59-874e-391cc3dfb490"
#define DELETION "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53"
#define ROTATION "d8cf8476-a2ec-4916-896e-992351803c44"
#define LIFETIME_ACTION "12ef42cb-9903-4e39-9c26-422d29570417"

static const struct {
    const char *row;
    const char *const *definitions;
} policies[] = {
    { "ACC-1", LIST(RBAC) },
    { "NET-1", LIST("405c5871-3e91-4644-8a63-58e19d68ff5b") },
    { "NET-2", LIST(FIREWALL) },
    { "NET-3", LIST(FIREWALL) },
    { "NET-6", LIST("a6abeaec-4d90-4a02-805f-6b26c4d3fbe9") },
    { "NET-7", LIST("ac673a9a-f77d-4846-b2d8-a57f8e1c01d4") },
    { "NET-8", LIST("ea4d6841-2173-4317-9747-ff522a45120f") },
    { "NET-9", LIST(FIREWALL) },
    { "PRO-1", LIST("1e66c121-a66a-4b1f-9b83-0fd99bf0fc2d", DELETION) },
    { "PRO-3", LIST(DELETION) },
    { "LOG-1", LIST("cf820ca0-f99e-4f3e-84fb-66e913812d21") },
    { "LOG-6", LIST("0e6763cc-5078-4e64-889d-ff4d9a839047") },
    { "LOG-8", LIST("1f725891-01c0-420a-9059-4fa46cb770b7") },
    { "LOG-12", LIST("bef3f64c-5290-43b7-85b0-9b254eef4c47",
                    "951af2fa-529b-416e-ab6e-066fd85ac459") },
    { "OBJ-2", LIST(LIFETIME_ACTION) },
    { "OBJ-5", LIST("152b15f7-8e1f-4c1f-ab71-8c010ba5dbc0",
                   "98728c90-32c7-4049-8429-847dc0f4fe37") },
    { "OBJ-6", LIST(ROTATION) },
    { "OBJ-7", LIST("5ff38825-c5d8-47c5-b70e-069a21955146",
                   "b0eb591a-5e70-4534-a8bf-04b9c489584a",
                   "f772fb64-8e40-40ad-87bc-7706e1949427") },
    { "OBJ-8", LIST("49a22571-d204-4c91-a7b6-09b1a586fbc9",
                   "342e8053-e12e-4c44-be01-c3c2f318400f") },
    { "OBJ-9", LIST("c26e4b24-cf98-4c67-b48b-5a25c4c69eb9",
                   "e8d99835-8a06-45ae-a8e0-87a91941ccfe") },
    { "OBJ-10", LIST("75c4f823-d65c-4f29-a733-01d0077fdbcb") },
    { "OBJ-11", LIST("82067dbb-e53b-4e06-b631-546d197452d9") },
    { "OBJ-12", LIST("ff25f3c8-b739-4538-9d07-3d6d25cfb255") },
    { "OBJ-13", LIST("587c79fe-dd04-4a5e-9d0b-f89598c7261b") },
    { "OBJ-14", LIST(ROTATION) },
    { "OBJ-15", LIST("75262d3e-ba4a-4f43-85f8-9f72c090e5e3") },
    { "CRT-1", LIST("0a075868-4c26-42ef-914c-5bc007359560") },
    { "CRT-2", LIST("1151cede-290b-4ba0-8b38-0ad145ac888f") },
    { "CRT-3", LIST("cee51871-e572-4576-855c-047c820360f0") },
    { "CRT-4", LIST("bd78111f-4953-4367-9fd5-7e08808b54bf") },
    { "CRT-5", LIST("8e826246-c976-48f6-b03e-619bb92b3d82") },
    { "CRT-6", LIST("a22f4a40-01d3-4c7d-8071-da157eeff341",
                   "d3e82b87-6673-410b-8501-1896b688b9a3") },
    { "CRT-7", LIST(LIFETIME_ACTION) },
    { "HSM-7", LIST("a2a5b911-5617-447e-a49e-59dbe0e0434b") },
    { "HSM-8", LIST("c39ba22d-4428-4149-b981-70acb31fc383") },
    { "HSM-9", LIST("19ea9d63-adee-4431-a95e-1913c6c1c75f") },
    { "HSM-10", LIST("59fee2f4-d439-4f1b-9b9a-982e1474bfd8") },
    { "HSM-11", LIST("1d478a74-21ba-4b9f-9d8f-8e6fced0eec5") },
    { "HSM-12", LIST("ad27588c-0198-4c84-81ef-08efd0274653") },
    { "HSM-13", LIST("1fd3b2cc-9904-40fa-b8da-050c02612da9") },
    { "HSM-14", LIST("86810a98-8e91-4a44-8386-ec66d0de5d57") },
    { "HSM-15", LIST("e58fd0c1-feac-4d12-92db-0a7e9421f53e") },
    { "HSM-16", LIST("fa85a975-a142-46dc-a9ab-8cc69ecb358c") },
};

const char *const *kv_row_policies(const struct kv_recommendation *row)
{
    static const char *const none[] = { NULL };

    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (strcmp(policies[i].row, row->id) == 0)
            return policies[i].definitions;
    return none;
}
