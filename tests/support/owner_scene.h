/* A session that has read all of Contoso, and its owner beside it. */
#ifndef SUPPORT_OWNER_SCENE_H
#define SUPPORT_OWNER_SCENE_H

#include "cloud_owner.h"
#include "drive.h"

struct owner_scene {
    struct owner *owner;
    struct drive drive;
};

/* For cmocka: *state is a struct owner_scene, read in depth by names. */
int owner_scene_open(void **state);
int owner_scene_close(void **state);

#endif
