/* Nodes made of usual operands: Values of our own two classes, and plain numbers. Wherever anything is unusual (a
   subclass, no_grad, a result that is not finite, an error of arithmetic), the method of operators.py is called, so its
   results, errors and tracebacks are those of Python. */

#include "engine.h"

PyTypeObject *value_type, *node_type;

static PyObject *paused;        /* not empty: operations may not be recorded as usual */
static PyObject **math;         /* the functions of MATH */
static PyObject **tags;         /* of the operations' nodes */
static PyObject **methods;      /* the operations' methods in operators.py */
static PyObject **reflected;    /* their methods for a plain number on the left, or NULL */
static void **slots, **in_place_slots; /* what Python put into the slots */

/* ------------------------------------------------------------------------------------ arithmetic as Python's */

double divided(double x, double y, int *fault)
{
    if (y == 0.0) {
        *fault = 1;
        return 0.0;
    }
    return x / y;
}

double larger(double x, double y) { return y > x ? y : x; }
double smaller(double x, double y) { return y < x ? y : x; }

/* Python's own functions, so that the last digit is that of Python. */
static double call(int function, PyObject **args, size_t given, int *fault)
{
    PyObject *result = PyObject_Vectorcall(math[function], args, given, NULL);
    double number = result == NULL ? -1.0 : PyFloat_AsDouble(result);
    Py_XDECREF(result);
    if (number == -1.0 && PyErr_Occurred()) {
        PyErr_Clear();
        *fault = 1;
    }
    return number;
}

double called(int function, double x, int *fault)
{
    PyObject *args[] = {PyFloat_FromDouble(x)};
    double number = call(function, args, 1, fault);
    Py_XDECREF(args[0]);
    return number;
}

double called_with_two(int function, double x, double y, int *fault)
{
    PyObject *args[] = {PyFloat_FromDouble(x), PyFloat_FromDouble(y)};
    double number = call(function, args, 2, fault);
    Py_XDECREF(args[0]);
    Py_XDECREF(args[1]);
    return number;
}

/* ------------------------------------------------------------------------------------ a node */

/* Return whether an operand is usual: a Value of ours, or a plain finite number, which is then made a float. */
static int usual(PyObject *thing, double *number, int *is_value)
{
    *is_value = is_ours(thing);
    if (*is_value) {
        *number = ((Record *)thing)->data;
        return ((Record *)thing)->data_kind == NUMBER;
    }
    if (PyFloat_CheckExact(thing))
        *number = PyFloat_AS_DOUBLE(thing);
    else if (PyLong_CheckExact(thing)) {
        *number = PyLong_AsDouble(thing);
        if (*number == -1.0 && PyErr_Occurred()) {
            PyErr_Clear();
            return 0;
        }
    } else
        return 0;
    return isfinite(*number);
}

static int keep(PyObject **field, PyObject *operand, double number, int is_value)
{
    *field = is_value || PyFloat_CheckExact(operand) ? Py_NewRef(operand) : PyFloat_FromDouble(number);
    return *field == NULL ? -1 : 0;
}

static void keep_slope(Either *field, unsigned char *kind, double slope, int is_value)
{
    if (is_value) {
        *kind = NUMBER;
        field->number = slope;
    } else {
        *kind = OBJECT;
        field->object = Py_NewRef(Py_None);
    }
}

/* Return the node of operation k, or NULL without an error if it is not a usual one; `args`: one operand or two. */
static PyObject *node(int k, PyObject *const *args, int given)
{
    const Operation *op = &OPERATIONS[k];
    double numbers[MOST_ARGUMENTS], slopes[MOST_ARGUMENTS], out;
    int are_values[MOST_ARGUMENTS] = {0};
    if (node_type == NULL || PyDict_GET_SIZE(paused) != 0)
        return NULL;
    for (int i = 0; i < op->arguments; i++) {
        if (i >= given)
            numbers[i] = op->defaults[i];
        else if (!usual(args[i], &numbers[i], &are_values[i]) || (are_values[i] && i >= op->operands))
            return NULL;
    }
    int wanted = are_values[0] | are_values[1] << 1;
    if (!wanted || op->compute(numbers, wanted, &out, slopes) || !isfinite(out))
        return NULL;
    Record *made = (Record *)node_type->tp_alloc(node_type, 0);
    if (made == NULL)
        return NULL;
    made->data = out;
    made->grad.number = 0.0;
    made->data_kind = made->grad_kind = NUMBER;
    made->tag = Py_NewRef(tags[k]);
    keep_slope(&made->da, &made->da_kind, slopes[0], are_values[0]);
    keep_slope(&made->db, &made->db_kind, slopes[1], are_values[1]);
    int failed = keep(&made->a, args[0], numbers[0], are_values[0]);
    if (given > 1)
        failed |= keep(&made->b, args[1], numbers[1], are_values[1]);
    else if (op->arguments > 1)
        failed |= (made->b = PyFloat_FromDouble(numbers[1])) == NULL;
    else
        made->b = Py_NewRef(Py_None);
    if (failed)
        Py_CLEAR(made);
    return (PyObject *)made;
}

/* ------------------------------------------------------------------------------------ operators */

static int has_slot(PyObject *thing, const Operation *op)
{
    PyNumberMethods *held = Py_TYPE(thing)->tp_as_number;
    return held != NULL && *(void **)((char *)held + op->slot) == op->function;
}

/* Do what Python does where a class defines an operator and its reflection as functions. */
static PyObject *by_methods(PyObject *left, PyObject *right, int k)
{
    const Operation *op = &OPERATIONS[k];
    if (has_slot(left, op)) {
        PyObject *args[] = {left, right}, *result = PyObject_Vectorcall(methods[k], args, 2, NULL);
        if (result != Py_NotImplemented || Py_TYPE(left) == Py_TYPE(right))
            return result;
        Py_DECREF(result);
    }
    if (has_slot(right, op) && reflected[k] != NULL) {
        PyObject *args[] = {right, left};
        return PyObject_Vectorcall(reflected[k], args, 2, NULL);
    }
    Py_RETURN_NOTIMPLEMENTED;
}

PyObject *binary(PyObject *left, PyObject *right, int k)
{
    PyObject *args[] = {left, right}, *made = node(k, args, 2);
    return made != NULL || PyErr_Occurred() ? made : by_methods(left, right, k);
}

PyObject *in_place(PyObject *left, PyObject *right, int k)
{
    PyObject *args[] = {left, right}, *made = node(k, args, 2);
    return made != NULL || PyErr_Occurred() ? made : ((binaryfunc)in_place_slots[k])(left, right);
}

PyObject *power(PyObject *left, PyObject *right, PyObject *modulus, int k)
{
    return modulus == Py_None ? binary(left, right, k) : ((ternaryfunc)slots[k])(left, right, modulus);
}

PyObject *in_place_power(PyObject *left, PyObject *right, PyObject *modulus, int k)
{
    PyObject *args[] = {left, right}, *made = modulus == Py_None ? node(k, args, 2) : NULL;
    return made != NULL || PyErr_Occurred() ? made : ((ternaryfunc)in_place_slots[k])(left, right, modulus);
}

PyObject *unary(PyObject *operand, int k)
{
    PyObject *made = node(k, &operand, 1);
    return made != NULL || PyErr_Occurred() ? made : ((unaryfunc)slots[k])(operand);
}

/* ------------------------------------------------------------------------------------ methods with names */

/* Stands for a method in operators.py, as what functools.lru_cache returns does for a function. */
typedef struct {
    PyObject_HEAD
    PyObject *dict, *function;
    vectorcallfunc vectorcall;
    int k;
} Method;

static PyObject *call_method(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *keywords)
{
    Method *method = (Method *)self;
    Py_ssize_t given = PyVectorcall_NARGS(nargsf);
    const Operation *op = &OPERATIONS[method->k];
    if (keywords == NULL && given >= op->operands && given <= op->arguments && is_ours(args[0])) {
        PyObject *made = node(method->k, args, (int)given);
        if (made != NULL || PyErr_Occurred())
            return made;
    }
    return PyObject_Vectorcall(method->function, args, nargsf, keywords);
}

static PyObject *new_method(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *function;
    const char *name;
    if (!PyArg_ParseTuple(args, "Os", &function, &name))
        return NULL;
    for (int k = 0; k < OPERATION_COUNT; k++) {
        if (strcmp(OPERATIONS[k].method, name) != 0)
            continue;
        Method *made = (Method *)type->tp_alloc(type, 0);
        if (made != NULL) {
            made->function = Py_NewRef(function);
            made->vectorcall = call_method;
            made->k = k;
        }
        return (PyObject *)made;
    }
    PyErr_Format(PyExc_ValueError, "no operation has a method %s", name);
    return NULL;
}

static PyObject *bind(PyObject *self, PyObject *thing, PyObject *type)
{
    return thing == NULL || thing == Py_None ? Py_NewRef(self) : PyMethod_New(self, thing);
}

static int traverse_method(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Method *)self)->dict);
    Py_VISIT(((Method *)self)->function);
    return 0;
}

static int clear_method(PyObject *self)
{
    Py_CLEAR(((Method *)self)->dict);
    Py_CLEAR(((Method *)self)->function);
    return 0;
}

static void deallocate_method(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    clear_method(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *reduce_method(PyObject *self, PyObject *ignored)
{
    return PyObject_GetAttrString(self, "__qualname__");
}

static PyMethodDef method_methods[] = {{"__reduce__", reduce_method, METH_NOARGS}, {NULL}};
static PyGetSetDef method_getters[] = {{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict}, {NULL}};
static PyMemberDef method_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(Method, dict), READONLY},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Method, vectorcall), READONLY},
    {NULL},
};
static PyType_Slot method_slots[] = {
    {Py_tp_doc, "A compiled method of an operation; `__wrapped__` is the one in operators.py."},
    {Py_tp_new, new_method},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_descr_get, bind},
    {Py_tp_methods, method_methods},
    {Py_tp_getset, method_getters},
    {Py_tp_members, method_members},
    {Py_tp_traverse, traverse_method},
    {Py_tp_clear, clear_method},
    {Py_tp_dealloc, deallocate_method},
    {0, NULL},
};
static PyType_Spec method_spec = {
    .name = "microgrAD.native._engine.Method",
    .basicsize = sizeof(Method),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .slots = method_slots,
};

int add_method(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&method_spec);
    return type == NULL ? -1 : PyModule_AddObjectRef(module, "Method", type);
}

/* ------------------------------------------------------------------------------------ install */

static void **slot_of(PyTypeObject *type, size_t offset)
{
    return (void **)((char *)type->tp_as_number + offset);
}

static PyObject **room_for(Py_ssize_t count)
{
    return PyMem_Calloc(count, sizeof(PyObject *));
}

/* Look up what the operations need; nothing is changed yet. */
static int prepare(PyObject *names)
{
    PyObject *library = PyImport_ImportModule("math");
    int functions = 0;
    while (MATH[functions] != NULL)
        functions++;
    math = room_for(functions + 1), tags = room_for(OPERATION_COUNT), methods = room_for(OPERATION_COUNT);
    reflected = room_for(OPERATION_COUNT);
    slots = (void **)room_for(OPERATION_COUNT), in_place_slots = (void **)room_for(OPERATION_COUNT);
    if (library == NULL || !math || !tags || !methods || !reflected || !slots || !in_place_slots)
        return -1;
    for (int k = 0; k < functions; k++)
        if ((math[k] = PyObject_GetAttrString(library, MATH[k])) == NULL)
            return -1;
    for (int k = 0; k < OPERATION_COUNT; k++) {
        const Operation *op = &OPERATIONS[k];
        PyObject *tag = PyDict_GetItemString(names, op->name);
        if (tag == NULL) {
            PyErr_Format(PyExc_KeyError, "no tag for %s", op->name);
            return -1;
        }
        tags[k] = Py_NewRef(tag);
        if ((methods[k] = PyObject_GetAttrString((PyObject *)value_type, op->method)) == NULL)
            return -1;
        if (op->reflected && !(reflected[k] = PyObject_GetAttrString((PyObject *)value_type, op->reflected)))
            return -1;
    }
    Py_DECREF(library);
    return 0;
}

PyObject *install(PyObject *module, PyObject *args)
{
    PyObject *value, *node, *names, *pauses, *several;
    if (!PyArg_ParseTuple(args, "O!O!O!O!O", &PyType_Type, &value, &PyType_Type, &node, &PyDict_Type, &names,
                          &PyDict_Type, &pauses, &several))
        return NULL;
    if (value_type != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the compiled engine is installed already");
        return NULL;
    }
    paused = Py_NewRef(pauses);
    many = Py_NewRef(several);
    value_type = (PyTypeObject *)Py_NewRef(value);
    if (prepare(names) < 0)
        return NULL;
    node_type = (PyTypeObject *)Py_NewRef(node);
    value_type->tp_dealloc = node_type->tp_dealloc = deallocate;
    for (int k = 0; k < OPERATION_COUNT; k++) {
        const Operation *op = &OPERATIONS[k];
        if (op->slot == NO_SLOT)
            continue;
        slots[k] = *slot_of(value_type, op->slot);
        *slot_of(value_type, op->slot) = *slot_of(node_type, op->slot) = op->function;
        if (op->in_place_slot != NO_SLOT) {
            in_place_slots[k] = *slot_of(node_type, op->in_place_slot);
            *slot_of(node_type, op->in_place_slot) = op->in_place_function;
        }
    }
    Py_RETURN_NONE;
}
