/* The numbers of many nodes at once. Each function returns whether it did its work: not if a node is of another class,
   a gradient is no plain number, or a sum is not finite, and then no node has changed. */

#include "engine.h"

#include <math.h>

typedef struct {
    PyObject *values; /* a list or a tuple */
    Py_buffer numbers;
    Record **records; /* its items */
    Py_ssize_t count;
} Flat;

/* What the two arguments are: a list or tuple of nodes, and an array of as many float64. Returns 1, 0 for other nodes,
   or -1 with an error. */
static int opened(Flat *flat, PyObject *const *args, Py_ssize_t given, int writable)
{
    if (given != 2 || !(PyList_CheckExact(args[0]) || PyTuple_CheckExact(args[0]))) {
        PyErr_SetString(PyExc_TypeError, "takes a list or tuple of nodes, and an array");
        return -1;
    }
    if (PyObject_GetBuffer(args[1], &flat->numbers, writable ? PyBUF_CONTIG : PyBUF_CONTIG_RO) < 0)
        return -1;
    flat->values = args[0];
    flat->count = PySequence_Fast_GET_SIZE(args[0]);
    flat->records = (Record **)PySequence_Fast_ITEMS(args[0]);
    if (flat->numbers.len != flat->count * (Py_ssize_t)sizeof(double)) {
        PyErr_Format(PyExc_ValueError, "takes as many numbers as nodes, got %zd bytes for %zd", flat->numbers.len,
                     flat->count);
        PyBuffer_Release(&flat->numbers);
        return -1;
    }
    for (Py_ssize_t k = 0; k < flat->count; k++)
        if (!is_record((PyObject *)flat->records[k])) {
            PyBuffer_Release(&flat->numbers);
            return 0;
        }
    return 1;
}

static PyObject *closed(Flat *flat, int done)
{
    PyBuffer_Release(&flat->numbers);
    return PyBool_FromLong(done);
}

#define OPEN(flat, writable)                                       \
    Flat flat;                                                     \
    int open = opened(&flat, args, given, writable);               \
    if (open <= 0)                                                 \
        return open < 0 ? NULL : Py_NewRef(Py_False);              \
    double *numbers = flat.numbers.buf

PyObject *get_data(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    OPEN(flat, 1);
    for (Py_ssize_t k = 0; k < flat.count; k++) {
        if (flat.records[k]->data_kind != NUMBER)
            return closed(&flat, 0);
        numbers[k] = flat.records[k]->data;
    }
    return closed(&flat, 1);
}

PyObject *set_data_of(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    OPEN(flat, 0);
    for (Py_ssize_t k = 0; k < flat.count; k++) {
        flat.records[k]->data = numbers[k];
        flat.records[k]->data_kind = NUMBER;
    }
    return closed(&flat, 1);
}

PyObject *get_grads(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    OPEN(flat, 1);
    for (Py_ssize_t k = 0; k < flat.count; k++) {
        if (flat.records[k]->grad_kind != NUMBER)
            return closed(&flat, 0);
        numbers[k] = flat.records[k]->grad.number;
    }
    return closed(&flat, 1);
}

PyObject *set_grads(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    OPEN(flat, 0);
    for (Py_ssize_t k = 0; k < flat.count; k++)
        if (flat.records[k]->grad_kind != NUMBER) /* a Python object would have to be let go */
            return closed(&flat, 0);
    for (Py_ssize_t k = 0; k < flat.count; k++)
        flat.records[k]->grad.number = numbers[k];
    return closed(&flat, 1);
}

PyObject *add_grads(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    OPEN(flat, 0);
    for (Py_ssize_t k = 0; k < flat.count; k++)
        if (flat.records[k]->grad_kind != NUMBER || !isfinite(flat.records[k]->grad.number + numbers[k]))
            return closed(&flat, 0);
    for (Py_ssize_t k = 0; k < flat.count; k++)
        flat.records[k]->grad.number += numbers[k];
    return closed(&flat, 1);
}
