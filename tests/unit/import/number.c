#include "core/import/number.h"

#include <criterion/criterion.h>
#include <stddef.h>

Test(number, speeds_of_labels_are_read)
{
    static const struct {
        const char *text;
        double bits;
    } rows[] = {
        {"10 Gbps", 10e9},       {"2.5 Gbps", 2.5e9},
        {"155 Mbps", 155e6},     {"622 Mbit/s", 622e6},
        {"10G", 10e9},           {"100GE", 100e9},
        {"1Gb/s", 1e9},          {"64k", 64e3},
        {"oc48c", 48 * 51.84e6}, {"STM-16", 16 * 155.52e6},
        {"E3", 34.368e6},        {"T1", 1.544e6},
        {"DS3", 44.736e6},       {"2 x 10 Gbps", 20e9},
        {"4x2.5G", 10e9},        {"> 40 Gbps", 40e9},
        {"10-100 Mbps", 100e6},  {"Fibre, 10 Gbit/s", 10e9},
        {"1.2 Tbps", 1.2e12},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double bits = 0;
        cr_expect(import_speed(rows[i].text, &bits), "%s", rows[i].text);
        cr_expect_float_eq(bits, rows[i].bits, 1, "%s: %g", rows[i].text, bits);
    }
}

Test(number, labels_without_a_speed_tell_none)
{
    static const char *const texts[] = {"",         "Lit Fibre", "Dark fibre", "10 km",   "E9",
                                        "OC-0",     "Gbps",      "0 Gbps",     "1e300 G", "STM",
                                        "Type 5m2", "9999999 T", "9600"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double bits = 0;
        cr_expect_not(import_speed(texts[i], &bits), "%s: %g", texts[i], bits);
    }
}

Test(number, numbers_are_finite_decimals)
{
    double value;
    cr_expect(import_number("-12.5e1", &value));
    cr_expect_float_eq(value, -125, 1e-9);
    static const char *const texts[] = {"", " 1", "0x10", "nan", "inf", "1e999", "1,5", "1 ", "-"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect_not(import_number(texts[i], &value), "%s", texts[i]);
}
