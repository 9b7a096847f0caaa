#include "core/base/status.h"

#include <criterion/criterion.h>
#include <string.h>

Test(status, every_status_has_a_text_of_its_own)
{
    for (int a = PCE_OK; a <= PCE_IO; a++) {
        const char *text = pce_status_text((enum pce_status)a);
        cr_assert(text != NULL && text[0] != '\0');
        for (int b = a + 1; b <= PCE_IO + 1; b++)
            cr_assert(strcmp(text, pce_status_text((enum pce_status)b)) != 0, "%d and %d", a, b);
    }
}
