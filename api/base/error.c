/* The one way to write an error. */
#include "kvgov/error.h"

#include <stdarg.h>
#include <stdio.h>

enum kv_status kv_error_set(
    struct kv_error *err, enum kv_status status, const char *format, ...)
{
    va_list args;

    if (!err)
        return status;
    err->status = status;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return status;
}
