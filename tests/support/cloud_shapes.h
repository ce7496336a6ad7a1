/* What the simulated cloud is asked to compare its answers with Microsoft's
 * examples, and which differences from them are right. */
#ifndef SUPPORT_CLOUD_SHAPES_H
#define SUPPORT_CLOUD_SHAPES_H

#include "cloud_owner.h"
#include "shapes.h"

/* One operation: the example's file, and the request that the cloud gets. */
struct cloud_shape {
    const char *example;
    const char *method;
    const char *path; /* without api-version */
    const char *version;
    const char *body;
    enum cloud_plane plane;
    const char *vault; /* whose host is asked; NULL: the common one */
};

/* In an order in which each finds what it needs. */
extern const struct cloud_shape cloud_shapes[];
extern const size_t cloud_shape_count;
extern const struct shape_exception cloud_shape_exceptions[];
extern const size_t cloud_shape_exception_count;

#endif
