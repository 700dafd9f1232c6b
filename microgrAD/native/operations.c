/* The operations: values and slopes. Generated from ops.py by `python -m microgrAD.generate`; do not edit. */

#include "engine.h"

enum { MATH_acos, MATH_acosh, MATH_asin, MATH_asinh, MATH_atan, MATH_atan2, MATH_atanh, MATH_cbrt, MATH_cos, MATH_cosh, MATH_erf, MATH_erfc, MATH_exp, MATH_expm1, MATH_hypot, MATH_log, MATH_log10, MATH_log1p, MATH_log2, MATH_pow, MATH_sin, MATH_sinh, MATH_sqrt, MATH_tan, MATH_tanh };

const char *const MATH[] = {"acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp", "expm1", "hypot", "log", "log10", "log1p", "log2", "pow", "sin", "sinh", "sqrt", "tan", "tanh", NULL};

static double value_add(double x, double y, int *fault)
{
    return (x + y);
}

static double value_sub(double x, double y, int *fault)
{
    return (x - y);
}

static double value_mul(double x, double y, int *fault)
{
    return (x * y);
}

static double value_div(double x, double y, int *fault)
{
    return divided(x, y, fault);
}

static double value_neg(double x, int *fault)
{
    return (-x);
}

static double value_pow(double x, double y, int *fault)
{
    return called_with_two(MATH_pow, x, y, fault);
}

static double value_exp(double x, int *fault)
{
    return called(MATH_exp, x, fault);
}

static double value_expm1(double x, int *fault)
{
    return called(MATH_expm1, x, fault);
}

static double value_log(double x, int *fault)
{
    return called(MATH_log, x, fault);
}

static double value_log1p(double x, int *fault)
{
    return called(MATH_log1p, x, fault);
}

static double value_log2(double x, int *fault)
{
    return called(MATH_log2, x, fault);
}

static double value_log10(double x, int *fault)
{
    return called(MATH_log10, x, fault);
}

static double value_logaddexp(double x, double y, int *fault)
{
    return (larger(x, y) + called(MATH_log1p, called(MATH_exp, (-fabs((x - y))), fault), fault));
}

static double value_cbrt(double x, int *fault)
{
    return called(MATH_cbrt, x, fault);
}

static double value_sqrt(double x, int *fault)
{
    return called(MATH_sqrt, x, fault);
}

static double value_sin(double x, int *fault)
{
    return called(MATH_sin, x, fault);
}

static double value_cos(double x, int *fault)
{
    return called(MATH_cos, x, fault);
}

static double value_tan(double x, int *fault)
{
    return called(MATH_tan, x, fault);
}

static double value_asin(double x, int *fault)
{
    return called(MATH_asin, x, fault);
}

static double value_acos(double x, int *fault)
{
    return called(MATH_acos, x, fault);
}

static double value_atan(double x, int *fault)
{
    return called(MATH_atan, x, fault);
}

static double value_atan2(double y, double x, int *fault)
{
    return called_with_two(MATH_atan2, y, x, fault);
}

static double value_hypot(double x, double y, int *fault)
{
    return called_with_two(MATH_hypot, x, y, fault);
}

static double value_sinh(double x, int *fault)
{
    return called(MATH_sinh, x, fault);
}

static double value_cosh(double x, int *fault)
{
    return called(MATH_cosh, x, fault);
}

static double value_tanh(double x, int *fault)
{
    return called(MATH_tanh, x, fault);
}

static double value_asinh(double x, int *fault)
{
    return called(MATH_asinh, x, fault);
}

static double value_acosh(double x, int *fault)
{
    return called(MATH_acosh, x, fault);
}

static double value_atanh(double x, int *fault)
{
    return called(MATH_atanh, x, fault);
}

static double value_sigmoid(double x, int *fault)
{
    return (((-700.0) < x && x < 700.0) ? divided(1.0, (1.0 + called(MATH_exp, (-x), fault)), fault) : called(MATH_exp, smaller(x, 0.0), fault));
}

static double value_relu(double x, int *fault)
{
    return ((x > 0.0) ? x : 0.0);
}

static double value_leaky_relu(double x, double negative_slope, int *fault)
{
    return ((x > 0.0) ? x : (negative_slope * x));
}

static double value_elu(double x, double alpha, int *fault)
{
    return ((x > 0.0) ? x : (alpha * called(MATH_expm1, x, fault)));
}

static double value_softplus(double x, int *fault)
{
    return (larger(x, 0.0) + called(MATH_log1p, called(MATH_exp, (-fabs(x)), fault), fault));
}

static double value_silu(double x, int *fault)
{
    return (x * value_sigmoid(x, fault));
}

static double value_gelu(double x, int *fault)
{
    return divided((x * called(MATH_erfc, divided((-x), called(MATH_sqrt, 2.0, fault), fault), fault)), 2.0, fault);
}

static double value_erf(double x, int *fault)
{
    return called(MATH_erf, x, fault);
}

static double value_erfc(double x, int *fault)
{
    return called(MATH_erfc, x, fault);
}

static double value_abs(double x, int *fault)
{
    return fabs(x);
}

static double value_min(double x, double y, int *fault)
{
    return smaller(x, y);
}

static double value_max(double x, double y, int *fault)
{
    return larger(x, y);
}

static double value_step(double x, int *fault)
{
    return ((x >= 0.0) ? 1.0 : 0.0);
}

static int compute_add(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_add(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = 1.0;
    if (wanted & 2)
        slopes[1] = 1.0;
    return found;
}

static int compute_sub(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_sub(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = 1.0;
    if (wanted & 2)
        slopes[1] = (-1.0);
    return found;
}

static int compute_mul(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_mul(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = given[1];
    if (wanted & 2)
        slopes[1] = given[0];
    return found;
}

static int compute_div(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_div(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, given[1], fault);
    if (wanted & 2)
        slopes[1] = divided((-*value), given[1], fault);
    return found;
}

static int compute_neg(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_neg(given[0], fault);
    if (wanted & 1)
        slopes[0] = (-1.0);
    return found;
}

static int compute_pow(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_pow(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = (((given[1] == 0.0) && (fabs(given[0]) < 1e-307)) ? 0.0 : (given[1] * called_with_two(MATH_pow, given[0], (given[1] - 1.0), fault)));
    if (wanted & 2)
        slopes[1] = ((given[0] > 0.0) ? (*value * called(MATH_log, given[0], fault)) : 0.0);
    return found;
}

static int compute_exp(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_exp(given[0], fault);
    if (wanted & 1)
        slopes[0] = *value;
    return found;
}

static int compute_expm1(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_expm1(given[0], fault);
    if (wanted & 1)
        slopes[0] = called(MATH_exp, given[0], fault);
    return found;
}

static int compute_log(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_log(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, given[0], fault);
    return found;
}

static int compute_log1p(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_log1p(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, (1.0 + given[0]), fault);
    return found;
}

static int compute_log2(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_log2(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(divided(1.0, given[0], fault), called(MATH_log, 2.0, fault), fault);
    return found;
}

static int compute_log10(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_log10(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(divided(1.0, given[0], fault), called(MATH_log, 10.0, fault), fault);
    return found;
}

static int compute_logaddexp(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_logaddexp(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = value_sigmoid((given[0] - given[1]), fault);
    if (wanted & 2)
        slopes[1] = value_sigmoid((given[1] - given[0]), fault);
    return found;
}

static int compute_cbrt(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_cbrt(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, (3.0 * (*value * *value)), fault);
    return found;
}

static int compute_sqrt(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_sqrt(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, (2.0 * *value), fault);
    return found;
}

static int compute_sin(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_sin(given[0], fault);
    if (wanted & 1)
        slopes[0] = called(MATH_cos, given[0], fault);
    return found;
}

static int compute_cos(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_cos(given[0], fault);
    if (wanted & 1)
        slopes[0] = (-called(MATH_sin, given[0], fault));
    return found;
}

static int compute_tan(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_tan(given[0], fault);
    if (wanted & 1)
        slopes[0] = (1.0 + (*value * *value));
    return found;
}

static int compute_asin(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_asin(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 0.5) ? divided(1.0, called(MATH_sqrt, (1.0 - (given[0] * given[0])), fault), fault) : divided(1.0, called(MATH_sqrt, ((1.0 - given[0]) * (1.0 + given[0])), fault), fault));
    return found;
}

static int compute_acos(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_acos(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 0.5) ? divided((-1.0), called(MATH_sqrt, (1.0 - (given[0] * given[0])), fault), fault) : divided((-1.0), called(MATH_sqrt, ((1.0 - given[0]) * (1.0 + given[0])), fault), fault));
    return found;
}

static int compute_atan(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_atan(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 100000000.0) ? divided(1.0, (1.0 + (given[0] * given[0])), fault) : divided(divided(1.0, given[0], fault), given[0], fault));
    return found;
}

static int compute_atan2(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_atan2(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = divided(divided(given[1], called_with_two(MATH_hypot, given[1], given[0], fault), fault), called_with_two(MATH_hypot, given[1], given[0], fault), fault);
    if (wanted & 2)
        slopes[1] = divided(divided((-given[0]), called_with_two(MATH_hypot, given[1], given[0], fault), fault), called_with_two(MATH_hypot, given[1], given[0], fault), fault);
    return found;
}

static int compute_hypot(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_hypot(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) > fabs(given[1])) ? divided(((given[0] > 0.0) ? 1.0 : (-1.0)), called_with_two(MATH_hypot, 1.0, divided(given[1], given[0], fault), fault), fault) : divided(divided(given[0], fabs(given[1]), fault), called_with_two(MATH_hypot, divided(given[0], given[1], fault), 1.0, fault), fault));
    if (wanted & 2)
        slopes[1] = ((fabs(given[1]) > fabs(given[0])) ? divided(((given[1] > 0.0) ? 1.0 : (-1.0)), called_with_two(MATH_hypot, 1.0, divided(given[0], given[1], fault), fault), fault) : divided(divided(given[1], fabs(given[0]), fault), called_with_two(MATH_hypot, divided(given[1], given[0], fault), 1.0, fault), fault));
    return found;
}

static int compute_sinh(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_sinh(given[0], fault);
    if (wanted & 1)
        slopes[0] = called(MATH_cosh, given[0], fault);
    return found;
}

static int compute_cosh(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_cosh(given[0], fault);
    if (wanted & 1)
        slopes[0] = called(MATH_sinh, given[0], fault);
    return found;
}

static int compute_tanh(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_tanh(given[0], fault);
    if (wanted & 1)
        slopes[0] = (((-4.0) < given[0] && given[0] < 4.0) ? (1.0 - (*value * *value)) : divided((4.0 * called(MATH_exp, ((-2.0) * fabs(given[0])), fault)), called_with_two(MATH_pow, (1.0 + called(MATH_exp, ((-2.0) * fabs(given[0])), fault)), 2.0, fault), fault));
    return found;
}

static int compute_asinh(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_asinh(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, called_with_two(MATH_hypot, 1.0, given[0], fault), fault);
    return found;
}

static int compute_acosh(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_acosh(given[0], fault);
    if (wanted & 1)
        slopes[0] = divided(1.0, (called(MATH_sqrt, (given[0] - 1.0), fault) * called(MATH_sqrt, (given[0] + 1.0), fault)), fault);
    return found;
}

static int compute_atanh(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_atanh(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 0.5) ? divided(1.0, (1.0 - (given[0] * given[0])), fault) : divided(1.0, ((1.0 - given[0]) * (1.0 + given[0])), fault));
    return found;
}

static int compute_sigmoid(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_sigmoid(given[0], fault);
    if (wanted & 1)
        slopes[0] = (((-2.0) < given[0] && given[0] < 2.0) ? divided((1.0 - called_with_two(MATH_pow, called(MATH_tanh, divided(given[0], 2.0, fault), fault), 2.0, fault)), 4.0, fault) : divided(called(MATH_exp, (-fabs(given[0])), fault), called_with_two(MATH_pow, (1.0 + called(MATH_exp, (-fabs(given[0])), fault)), 2.0, fault), fault));
    return found;
}

static int compute_relu(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_relu(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((given[0] > 0.0) ? 1.0 : 0.0);
    return found;
}

static int compute_leaky_relu(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_leaky_relu(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = ((given[0] > 0.0) ? 1.0 : given[1]);
    return found;
}

static int compute_elu(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_elu(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = ((given[0] > 0.0) ? 1.0 : (given[1] * called(MATH_exp, given[0], fault)));
    return found;
}

static int compute_softplus(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_softplus(given[0], fault);
    if (wanted & 1)
        slopes[0] = value_sigmoid(given[0], fault);
    return found;
}

static int compute_silu(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_silu(given[0], fault);
    if (wanted & 1)
        slopes[0] = (value_sigmoid(given[0], fault) + ((fabs(given[0]) < 100.0) ? divided(given[0], (4.0 * called_with_two(MATH_pow, called(MATH_cosh, divided(given[0], 2.0, fault), fault), 2.0, fault)), fault) : (given[0] * called(MATH_exp, (-fabs(given[0])), fault))));
    return found;
}

static int compute_gelu(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_gelu(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 40.0) ? (divided(called(MATH_erfc, divided((-given[0]), called(MATH_sqrt, 2.0, fault), fault), fault), 2.0, fault) + divided((given[0] * called(MATH_exp, divided((-(given[0] * given[0])), 2.0, fault), fault)), called(MATH_sqrt, (2.0 * 3.141592653589793), fault), fault)) : ((given[0] > 0.0) ? 1.0 : 0.0));
    return found;
}

static int compute_erf(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_erf(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 30.0) ? (divided(2.0, called(MATH_sqrt, 3.141592653589793, fault), fault) * called(MATH_exp, (-(given[0] * given[0])), fault)) : 0.0);
    return found;
}

static int compute_erfc(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_erfc(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((fabs(given[0]) < 30.0) ? (divided((-2.0), called(MATH_sqrt, 3.141592653589793, fault), fault) * called(MATH_exp, (-(given[0] * given[0])), fault)) : 0.0);
    return found;
}

static int compute_abs(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_abs(given[0], fault);
    if (wanted & 1)
        slopes[0] = ((given[0] > 0.0) ? 1.0 : ((given[0] < 0.0) ? (-1.0) : 0.0));
    return found;
}

static int compute_min(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_min(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = ((given[0] <= given[1]) ? 1.0 : 0.0);
    if (wanted & 2)
        slopes[1] = ((given[0] <= given[1]) ? 0.0 : 1.0);
    return found;
}

static int compute_max(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_max(given[0], given[1], fault);
    if (wanted & 1)
        slopes[0] = ((given[0] >= given[1]) ? 1.0 : 0.0);
    if (wanted & 2)
        slopes[1] = ((given[0] >= given[1]) ? 0.0 : 1.0);
    return found;
}

static int compute_step(const double *given, int wanted, double *value, double *slopes)
{
    int found = 0, *fault = &found;
    *value = value_step(given[0], fault);
    if (wanted & 1)
        slopes[0] = 0.0;
    return found;
}

static PyObject *add_slot(PyObject *v, PyObject *w) { return binary(v, w, 0); }
static PyObject *add_in_place(PyObject *v, PyObject *w) { return in_place(v, w, 0); }
static PyObject *sub_slot(PyObject *v, PyObject *w) { return binary(v, w, 1); }
static PyObject *sub_in_place(PyObject *v, PyObject *w) { return in_place(v, w, 1); }
static PyObject *mul_slot(PyObject *v, PyObject *w) { return binary(v, w, 2); }
static PyObject *mul_in_place(PyObject *v, PyObject *w) { return in_place(v, w, 2); }
static PyObject *div_slot(PyObject *v, PyObject *w) { return binary(v, w, 3); }
static PyObject *div_in_place(PyObject *v, PyObject *w) { return in_place(v, w, 3); }
static PyObject *neg_slot(PyObject *v) { return unary(v, 4); }
static PyObject *pow_slot(PyObject *v, PyObject *w, PyObject *m) { return power(v, w, m, 5); }
static PyObject *pow_in_place(PyObject *v, PyObject *w, PyObject *m) { return in_place_power(v, w, m, 5); }
static PyObject *abs_slot(PyObject *v) { return unary(v, 38); }

const Operation OPERATIONS[] = {
    {"add", "__add__", "__radd__", "__iadd__", offsetof(PyNumberMethods, nb_add), offsetof(PyNumberMethods, nb_inplace_add), add_slot, add_in_place, 
     2, 2, {0.0, 0.0}, compute_add},
    {"sub", "__sub__", "__rsub__", "__isub__", offsetof(PyNumberMethods, nb_subtract), offsetof(PyNumberMethods, nb_inplace_subtract), sub_slot, sub_in_place, 
     2, 2, {0.0, 0.0}, compute_sub},
    {"mul", "__mul__", "__rmul__", "__imul__", offsetof(PyNumberMethods, nb_multiply), offsetof(PyNumberMethods, nb_inplace_multiply), mul_slot, mul_in_place, 
     2, 2, {0.0, 0.0}, compute_mul},
    {"div", "__truediv__", "__rtruediv__", "__itruediv__", offsetof(PyNumberMethods, nb_true_divide), offsetof(PyNumberMethods, nb_inplace_true_divide), div_slot, div_in_place, 
     2, 2, {0.0, 0.0}, compute_div},
    {"neg", "__neg__", NULL, NULL, offsetof(PyNumberMethods, nb_negative), NO_SLOT, neg_slot, NULL, 
     1, 1, {0.0}, compute_neg},
    {"pow", "__pow__", "__rpow__", "__ipow__", offsetof(PyNumberMethods, nb_power), offsetof(PyNumberMethods, nb_inplace_power), pow_slot, pow_in_place, 
     2, 2, {0.0, 0.0}, compute_pow},
    {"exp", "exp", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_exp},
    {"expm1", "expm1", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_expm1},
    {"log", "log", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_log},
    {"log1p", "log1p", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_log1p},
    {"log2", "log2", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_log2},
    {"log10", "log10", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_log10},
    {"logaddexp", "logaddexp", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     2, 2, {0.0, 0.0}, compute_logaddexp},
    {"cbrt", "cbrt", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_cbrt},
    {"sqrt", "sqrt", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_sqrt},
    {"sin", "sin", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_sin},
    {"cos", "cos", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_cos},
    {"tan", "tan", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_tan},
    {"asin", "asin", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_asin},
    {"acos", "acos", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_acos},
    {"atan", "atan", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_atan},
    {"atan2", "atan2", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     2, 2, {0.0, 0.0}, compute_atan2},
    {"hypot", "hypot", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     2, 2, {0.0, 0.0}, compute_hypot},
    {"sinh", "sinh", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_sinh},
    {"cosh", "cosh", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_cosh},
    {"tanh", "tanh", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_tanh},
    {"asinh", "asinh", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_asinh},
    {"acosh", "acosh", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_acosh},
    {"atanh", "atanh", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_atanh},
    {"sigmoid", "sigmoid", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_sigmoid},
    {"relu", "relu", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_relu},
    {"leaky_relu", "leaky_relu", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 2, {0.0, 0.01}, compute_leaky_relu},
    {"elu", "elu", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 2, {0.0, 1.0}, compute_elu},
    {"softplus", "softplus", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_softplus},
    {"silu", "silu", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_silu},
    {"gelu", "gelu", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_gelu},
    {"erf", "erf", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_erf},
    {"erfc", "erfc", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_erfc},
    {"abs", "__abs__", NULL, NULL, offsetof(PyNumberMethods, nb_absolute), NO_SLOT, abs_slot, NULL, 
     1, 1, {0.0}, compute_abs},
    {"min", "min", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     2, 2, {0.0, 0.0}, compute_min},
    {"max", "max", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     2, 2, {0.0, 0.0}, compute_max},
    {"step", "step", NULL, NULL, NO_SLOT, NO_SLOT, NULL, NULL, 
     1, 1, {0.0}, compute_step},
};

const int OPERATION_COUNT = 42;
