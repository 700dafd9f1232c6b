/* The two passes of `backward`, as `_count` and `_send` in backward.py: the same sums in the same order. */

#include "engine.h"

static inline int has_many(Record *v)
{
    return v->db_kind == OBJECT && v->db.object == many;
}

/* Return the number of operands of a node, 0 for a leaf, -1 after an error. */
static inline Py_ssize_t operands(Record *v)
{
    if (has_many(v)) {
        if (v->a != NULL && PyTuple_Check(v->a) && v->da_kind == OBJECT && PyTuple_Check(v->da.object) &&
            PyTuple_GET_SIZE(v->a) == PyTuple_GET_SIZE(v->da.object))
            return PyTuple_GET_SIZE(v->a);
        PyErr_SetString(PyExc_ValueError, "a node of several operands holds two tuples of one length");
        return -1;
    }
    return v->da_kind == NUMBER || v->db_kind == NUMBER ? 2 : 0;
}

/* Set operand k of a node and the local derivative by it. Return 0 if it is a plain number, -1 after an error. */
static inline int edge(Record *v, Py_ssize_t k, Record **operand, double *d)
{
    PyObject *a;
    if (has_many(v)) {
        PyObject *slope = PyTuple_GET_ITEM(v->da.object, k);
        if (slope == Py_None)
            return 0;
        a = PyTuple_GET_ITEM(v->a, k);
        *d = PyFloat_AsDouble(slope);
        if (*d == -1.0 && PyErr_Occurred())
            return -1;
    } else if (k == 0) {
        if (v->da_kind != NUMBER)
            return 0;
        a = v->a, *d = v->da.number;
    } else {
        if (v->db_kind != NUMBER)
            return 0;
        a = v->b, *d = v->db.number;
    }
    if (a == NULL || !is_record(a)) {
        PyErr_SetString(PyExc_TypeError, "an operand with a derivative is a Value");
        return -1;
    }
    *operand = (Record *)a;
    return 1;
}

static void set_number(Record *v, double number)
{
    PyObject *held = v->grad_kind == OBJECT ? v->grad.object : NULL;
    v->grad_kind = NUMBER;
    v->grad.number = number;
    Py_XDECREF(held);
}

/* Add to the gradient of a node. That of a leaf can be a Value, after backward(create_graph=True). */
static inline int add_gradient(Record *v, double sent, binaryfunc add)
{
    if (v->grad_kind == NUMBER) {
        v->grad.number += sent;
        return 0;
    }
    if (v->grad_kind == UNSET) {
        PyErr_SetString(PyExc_AttributeError, "_grad");
        return -1;
    }
    PyObject *number = PyFloat_FromDouble(sent), *before = Py_NewRef(v->grad.object);
    PyObject *sum = number == NULL ? NULL : add(before, number);
    Py_DECREF(before);
    Py_XDECREF(number);
    if (sum == NULL)
        return -1;
    before = v->grad_kind == OBJECT ? v->grad.object : NULL;
    v->grad_kind = OBJECT;
    v->grad.object = sum;
    Py_XDECREF(before);
    return 0;
}

/* Return whether the gradient of a leaf is finite, -1 after an error. */
static int is_finite(Record *leaf)
{
    if (leaf->grad_kind == NUMBER)
        return isfinite(leaf->grad.number) != 0;
    if (leaf->grad_kind == UNSET)
        return 1;
    PyObject *held = Py_NewRef(leaf->grad.object), *difference = PyNumber_Subtract(held, held);
    Py_DECREF(held);
    if (difference == NULL)
        return -1;
    int differs = PyObject_IsTrue(difference);
    Py_DECREF(difference);
    return differs < 0 ? -1 : !differs;
}

static int append_leaf(PyObject *leaves, Record *leaf)
{
    PyObject *held = PyObject_GetAttrString((PyObject *)leaf, "_grad");
    PyObject *pair = held == NULL ? NULL : PyTuple_Pack(2, leaf, held);
    int failed = pair == NULL ? -1 : PyList_Append(leaves, pair);
    Py_XDECREF(held);
    Py_XDECREF(pair);
    return failed;
}

PyObject *count_consumers(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    if (given != 2 || !PyList_Check(args[0]) || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "count takes two lists, the nodes and the leaves");
        return NULL;
    }
    PyObject *found = args[0], *leaves = args[1];
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(found); i++) {
        PyObject *item = PyList_GET_ITEM(found, i);
        if (!is_record(item)) {
            PyErr_SetString(PyExc_TypeError, "count takes Values");
            return NULL;
        }
        Record *v = (Record *)item, *a;
        double d;
        Py_ssize_t size = operands(v);
        if (size < 0)
            return NULL;
        if (size == 0) {
            if (append_leaf(leaves, v) < 0)
                return NULL;
            continue;
        }
        set_number(v, 0.0);
        for (Py_ssize_t k = 0; k < size; k++) {
            int is_edge = edge(v, k, &a, &d);
            if (is_edge < 0 || (is_edge && a->n++ == 0 && PyList_Append(found, (PyObject *)a) < 0))
                return NULL;
        }
    }
    Py_RETURN_NONE;
}

PyObject *send_gradients(PyObject *module, PyObject *const *args, Py_ssize_t given)
{
    if (given != 2 || !is_record(args[0])) {
        PyErr_SetString(PyExc_TypeError, "send takes a Value and a gradient");
        return NULL;
    }
    Record *root = (Record *)args[0];
    double gradient = PyFloat_AsDouble(args[1]);
    if (gradient == -1.0 && PyErr_Occurred())
        return NULL;
    PyObject *ready = PyList_New(0);
    if (ready == NULL || PyList_Append(ready, args[0]) < 0)
        goto failed;
    if (operands(root) != 0)
        set_number(root, gradient);
    else if (add_gradient(root, gradient, PyNumber_Add) < 0)
        goto failed;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(ready); i++) {
        Record *v = (Record *)PyList_GET_ITEM(ready, i), *a;
        Py_ssize_t size = operands(v);
        if (size < 0)
            goto failed;
        if (size == 0) {
            int finite = is_finite(v);
            if (finite < 0)
                goto failed;
            if (!finite) {
                Py_DECREF(ready);
                Py_RETURN_FALSE;
            }
            continue;
        }
        double g = v->grad_kind == NUMBER ? v->grad.number : NAN, d;
        for (Py_ssize_t k = 0; k < size; k++) {
            int is_edge = edge(v, k, &a, &d);
            if (is_edge == 0)
                continue;
            if (is_edge < 0 || add_gradient(a, g * d, PyNumber_InPlaceAdd) < 0)
                goto failed;
            if (--a->n == 0 && PyList_Append(ready, (PyObject *)a) < 0)
                goto failed;
        }
    }
    Py_DECREF(ready);
    Py_RETURN_TRUE;
failed:
    Py_XDECREF(ready);
    return NULL;
}
