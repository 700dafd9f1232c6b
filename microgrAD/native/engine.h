/* The compiled engine: what its files share.

   record.c       a node's fields
   sweeps.c       the two passes of `backward`
   operations.c   the operations' numbers (generated from the table)
   flat.c         the numbers of many nodes at once
   fast.c         nodes made of operands that are usual; all else is left to the methods in operators.py
   module.c       the module, and its check against the files that it was compiled from */

#ifndef MICROGRAD_ENGINE_H
#define MICROGRAD_ENGINE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <structmember.h>

#ifdef __FAST_MATH__
#error "-ffast-math changes the last digits of results"
#endif
#if FLT_EVAL_METHOD != 0
#error "this compiler computes with more digits than a double has, so results would not be those of Python"
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(hidden) /* a library of the same process may use these names too */
#endif

/* ------------------------------------------------------------------------------------ record.c */

enum Kind { UNSET, NUMBER, OBJECT };

/* A number as such, or a Python object, such as None: what it is, is in a Kind beside it. */
typedef union {
    double number;
    PyObject *object;
} Either;

/* graph.py explains the letters. */
typedef struct {
    PyObject_HEAD
    double data;
    Either grad, da, db;
    PyObject *tag, *a, *b;
    int n;
    unsigned char data_kind, grad_kind, da_kind, db_kind;
} Record;

extern PyTypeObject *fields_type;
extern PyObject *many; /* the `_db` of a node with tuples in `_a` and `_da` */

int add_fields(PyObject *module);
void deallocate(PyObject *self);

extern PyTypeObject *value_type, *node_type; /* the classes of operators.py; NULL before `install` */

static inline int is_ours(PyObject *thing)
{
    return Py_TYPE(thing) == node_type || Py_TYPE(thing) == value_type;
}

static inline int is_record(PyObject *thing)
{
    return is_ours(thing) || PyObject_TypeCheck(thing, fields_type);
}

/* ------------------------------------------------------------------------------------ sweeps.c */

PyObject *count_consumers(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *send_gradients(PyObject *module, PyObject *const *args, Py_ssize_t given);

/* ------------------------------------------------------------------------------------ flat.c */

PyObject *get_data(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *set_data_of(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *get_grads(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *set_grads(PyObject *module, PyObject *const *args, Py_ssize_t given);
PyObject *add_grads(PyObject *module, PyObject *const *args, Py_ssize_t given);

/* ------------------------------------------------------------------------------------ operations.c */

#define MOST_ARGUMENTS 2
#define NO_SLOT ((size_t)-1)

/* Computes an operation's value, and each slope k for which `wanted` has bit k. Returns whether Python's arithmetic
   would have raised an error; then the results mean nothing. */
typedef int Compute(const double *given, int wanted, double *value, double *slopes);

typedef struct {
    const char *name;      /* in the table */
    const char *method;    /* of Value */
    const char *reflected; /* its method for a plain number on the left, or NULL */
    const char *in_place;  /* its method for an assignment such as `+=`, or NULL */
    size_t slot;           /* its place in PyNumberMethods, or NO_SLOT: then it is called by its name */
    size_t in_place_slot;
    void *function, *in_place_function; /* what stands in these slots */
    int operands;                       /* arguments that can be Values */
    int arguments;
    double defaults[MOST_ARGUMENTS]; /* of the other arguments */
    Compute *compute;
} Operation;

extern const Operation OPERATIONS[];
extern const int OPERATION_COUNT;
extern const char *const MATH[]; /* the functions of Python's math that formulas call; NULL at the end */

/* ------------------------------------------------------------------------------------ fast.c */

PyObject *binary(PyObject *left, PyObject *right, int k);
PyObject *in_place(PyObject *left, PyObject *right, int k);
PyObject *power(PyObject *left, PyObject *right, PyObject *modulus, int k);
PyObject *in_place_power(PyObject *left, PyObject *right, PyObject *modulus, int k);
PyObject *unary(PyObject *operand, int k);

double divided(double x, double y, int *fault);
double larger(double x, double y);
double smaller(double x, double y);
double called(int function, double x, int *fault);
double called_with_two(int function, double x, double y, int *fault);

PyObject *install(PyObject *module, PyObject *args);
int add_method(PyObject *module);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif
