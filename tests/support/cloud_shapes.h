/* What the simulated cloud is asked to compare its answers with Microsoft's
 * examples and with recorded answers, and which differences are right. */
#ifndef SUPPORT_CLOUD_SHAPES_H
#define SUPPORT_CLOUD_SHAPES_H

#include "cloud_owner.h"
#include "shapes.h"

/* Send what the example itself sends, on Contoso's resources. */
#define EXAMPLE_BODY "="

/* One operation: what its answer looks like, and the request that the cloud
 * gets. */
struct cloud_shape {
    /* "Microsoft.KeyVault/Vaults_Get" of the examples, "recorded/NAME#2" for
     * the second answer of a recording, or, where nobody published one, the
     * reason in brackets: "(no example)". */
    const char *example;
    const char *method;
    const char
        *path; /* the example's api-version is added unless there is one */
    const char *body; /* NULL: none */
    enum cloud_plane plane;
    const char *vault; /* whose host is asked; NULL: the common one */
};

/* Rows in an order in which each finds what it needs. */
struct cloud_shapes {
    const struct cloud_shape *rows;
    size_t count;
};
extern const struct cloud_shapes shapes_resources, shapes_authorization,
    shapes_policy, shapes_monitoring, shapes_network, shapes_keyvault,
    shapes_objects, shapes_hsm, shapes_graph, shapes_recorded;

extern const struct shape_exception cloud_shape_exceptions[];
extern const size_t cloud_shape_exception_count;

/* What is not compared, and why. */
struct shape_excuse {
    const char *start; /* of a route's or an example's name */
    const char *reason;
};
extern const struct shape_excuse shape_route_excuses[];
extern const size_t shape_route_excuse_count;
extern const struct shape_excuse shape_example_excuses[];
extern const size_t shape_example_excuse_count;

/* What the row's example answered, json_decref(); NULL for no body. Fails the
 * test where it cannot be read. */
json_t *shape_answer(const struct cloud_shape *row);
/* The api-version that the example asks for; "" when there is no example. */
char *shape_version(const struct cloud_shape *row);
/* The status that was recorded; 0 where any 2xx is right. */
int shape_status(const struct cloud_shape *row);
/* Who answers: "Microsoft.KeyVault" and the like; mem_free(). */
char *shape_provider(const struct cloud_shape *row);
/* The body to send: the row's, or the example's with Contoso's resources in
 * the place of its own; mem_free(), NULL for none. */
char *shape_body(const struct cloud_shape *row);

#endif
