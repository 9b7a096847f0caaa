#include "core/intent/intent.h"

#include <stdlib.h>
#include <string.h>

void intent_destroy(struct intent *intent)
{
    if (intent == NULL)
        return;
    for (uint32_t i = 0; intent->paths != NULL && i < intent->path_count; i++) {
        free(intent->paths[i].hops);
        free(intent->paths[i].lists);
    }
    free(intent->paths);
    free(intent);
}

bool intent_name_is_valid(const char *name, size_t size_max)
{
    size_t size = strlen(name);
    if (size == 0 || size > size_max)
        return false;
    for (size_t i = 0; i < size; i++)
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '/' || name[i] == '\\')
            return false;
    return true;
}
