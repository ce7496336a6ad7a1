#include "owner_scene.h"

#include "base.h"
#include "temp.h"
#include "test.h"

int owner_scene_open(void **state)
{
    struct owner_scene *scene = mem_alloc(sizeof *scene);

    *state = scene;
    scene->owner = owner_open_named();
    scene->drive.cloud = scene->owner->cloud;
    scene->drive.state_dir = temp_new();
    cloud_enter(scene->drive.cloud);
    scene->drive.options = (struct kv_session_options){
        .arm_endpoint = scene->drive.cloud->origin,
        .state_dir = scene->drive.state_dir,
        .no_device_code = true,
        .deep = true,
    };
    drive_open_session(&scene->drive);
    return drive_scan(&scene->drive) == KV_SCAN_DONE ? 0 : -1;
}

int owner_scene_close(void **state)
{
    struct owner_scene *scene = *state;

    kv_session_close(scene->drive.session);
    temp_done(scene->drive.state_dir);
    owner_close(scene->owner);
    mem_free(scene);
    return 0;
}
