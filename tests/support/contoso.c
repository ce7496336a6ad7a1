#include "contoso.h"

#include "base.h"
#include "temp.h"
#include "test.h"

struct kv_config *contoso_config(void)
{
    char *site = temp_path(test_source(), "tests/cloud/estates/contoso.ini");
    struct kv_config *config = kv_config_load(&(struct kv_config_options){
        .site_file = site, .user_file = "/dev/null" });

    if (kv_config_problem_count(config) > 0)
        fail_with("%s", kv_config_problem(config, 0).text);
    mem_free(site);
    return config;
}

bool contoso_scan(
    struct drive *drive, const struct kv_config *config, const char *estate)
{
    drive_open_cloud(drive,
        (const char *const[]){ "--suffix", "localhost",
            estate ? "--estate" : NULL, estate, NULL });
    drive->options.deep = true;
    drive->options.policy = kv_config_policy(config);
    drive_open_session(drive);
    return drive_scan(drive) == KV_SCAN_DONE;
}
