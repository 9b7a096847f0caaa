#include "core/ted/distance.h"

#include <math.h>

#define EARTH_RADIUS_KM 6371.0
#define RADIANS         (3.14159265358979323846 / 180.0)

double ted_distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    /* The haversine form, which keeps its digits for places that lie close together. */
    double half_latitude = sin((latitude_b - latitude_a) * RADIANS / 2);
    double half_longitude = sin((longitude_b - longitude_a) * RADIANS / 2);
    double square = half_latitude * half_latitude + cos(latitude_a * RADIANS) *
                                                        cos(latitude_b * RADIANS) * half_longitude *
                                                        half_longitude;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(fmin(square, 1.0)));
}
