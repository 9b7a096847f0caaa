#include "server/pcectl/show.h"

#include <stdio.h>
#include <stdlib.h>

#define FIELD_WIDTH 30

static void print_value(const char *name, const json_t *value)
{
    char *text = json_is_string(value)
                     ? NULL
                     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
    const char *shown = json_is_string(value) ? json_string_value(value) : text;
    printf("%-*s %s\n", FIELD_WIDTH, name, json_is_null(value) || shown == NULL ? "-" : shown);
    free(text);
}

static void print_group(const char *group, json_t *json)
{
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        char name[128];
        (void)snprintf(name, sizeof name, "%s.%s", group, key);
        print_value(name, value);
    }
}

void pcectl_print_detail(json_t *json)
{
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        if (json_is_object(value))
            print_group(key, value);
        else
            print_value(key, value);
    }
}
