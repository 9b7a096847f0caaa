/* What the check before a start finds. */
#include "server/preflight.h"

#include <criterion/criterion.h>
#include <string.h>

static void tell(void *context, bool is_note, const char *text)
{
    bool *is_told = context;
    *is_told |= !is_note && strstr(text, "control.listen") != NULL;
}

Test(preflight, an_address_of_the_api_that_is_none_is_a_finding)
{
    static struct config config;
    bool is_told = false;
    config_set_defaults(&config);
    config.listen.addresses.count = 0;
    config.control.socket[0] = '\0';
    (void)preflight_check(&config, tell, &is_told);
    cr_expect_not(is_told);
    (void)strcpy(config.control.listen, "nowhere");
    cr_expect_not(preflight_check(&config, tell, &is_told));
    cr_expect(is_told);
}
