/* A node's fields. Numbers are stored as such, which a Python object with slots can't do. */

#include "engine.h"

PyTypeObject *fields_type;
PyObject *many;

/* ------------------------------------------------------------------------------------ numbers or objects */

/* What a getter needs: where the field is, where its kind is, and its name. */
typedef struct {
    size_t field, kind;
    const char *name;
} Place;

#define PLACE(name) {offsetof(Record, name), offsetof(Record, name##_kind), "_" #name}

static Place DATA = PLACE(data), GRAD = PLACE(grad), DA = PLACE(da), DB = PLACE(db);

#define FIELD(self, place) ((Either *)((char *)(self) + (place)->field))
#define KIND(self, place) ((unsigned char *)(self) + (place)->kind)

static PyObject *get(PyObject *self, void *closure)
{
    const Place *place = closure;
    switch (*KIND(self, place)) {
    case NUMBER:
        return PyFloat_FromDouble(FIELD(self, place)->number);
    case OBJECT:
        return Py_NewRef(FIELD(self, place)->object);
    }
    PyErr_SetString(PyExc_AttributeError, place->name);
    return NULL;
}

static int set(PyObject *self, PyObject *value, void *closure)
{
    const Place *place = closure;
    PyObject *before = *KIND(self, place) == OBJECT ? FIELD(self, place)->object : NULL;
    if (value == NULL) {
        if (*KIND(self, place) == UNSET) {
            PyErr_SetString(PyExc_AttributeError, place->name);
            return -1;
        }
        *KIND(self, place) = UNSET;
    } else if (PyFloat_CheckExact(value)) {
        *KIND(self, place) = NUMBER;
        FIELD(self, place)->number = PyFloat_AS_DOUBLE(value);
    } else {
        *KIND(self, place) = OBJECT;
        FIELD(self, place)->object = Py_NewRef(value);
    }
    Py_XDECREF(before);
    return 0;
}

/* The number that operations compute with is always a float. */
static int set_data(PyObject *self, PyObject *value, void *closure)
{
    if (value == NULL)
        return set(self, value, closure);
    double number = PyFloat_AsDouble(value);
    if (number == -1.0 && PyErr_Occurred())
        return -1;
    ((Record *)self)->data = number;
    ((Record *)self)->data_kind = NUMBER;
    return 0;
}

static PyGetSetDef getters[] = {
    {"_data", get, set_data, NULL, &DATA},
    {"_grad", get, set, NULL, &GRAD},
    {"_da", get, set, NULL, &DA},
    {"_db", get, set, NULL, &DB},
    {NULL},
};

static PyMemberDef members[] = {
    {"_tag", T_OBJECT_EX, offsetof(Record, tag)},
    {"_a", T_OBJECT_EX, offsetof(Record, a)},
    {"_b", T_OBJECT_EX, offsetof(Record, b)},
    {"_n", T_INT, offsetof(Record, n)},
    {NULL},
};

/* ------------------------------------------------------------------------------------ the type */

static int traverse(PyObject *self, visitproc visit, void *arg)
{
    Record *v = (Record *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(v->tag);
    Py_VISIT(v->a);
    Py_VISIT(v->b);
    if (v->grad_kind == OBJECT)
        Py_VISIT(v->grad.object);
    if (v->da_kind == OBJECT)
        Py_VISIT(v->da.object);
    if (v->db_kind == OBJECT)
        Py_VISIT(v->db.object);
    return 0;
}

static void drop(Either *field, unsigned char *kind)
{
    PyObject *held = *kind == OBJECT ? field->object : NULL;
    *kind = UNSET;
    Py_XDECREF(held);
}

static int clear(PyObject *self)
{
    Record *v = (Record *)self;
    Py_CLEAR(v->tag);
    Py_CLEAR(v->a);
    Py_CLEAR(v->b);
    drop(&v->grad, &v->grad_kind);
    drop(&v->da, &v->da_kind);
    drop(&v->db, &v->db_kind);
    return 0;
}

/* The deallocation of a class without slots of its own, in the place of Python's general one; it is the last part of
   that of any other subclass. The trashcan keeps a deep graph from a deep recursion. */
void deallocate(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (type->tp_finalize != NULL && PyObject_CallFinalizerFromDealloc(self) < 0)
        return;
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, deallocate)
    if (type->tp_weaklistoffset > 0 && *(PyObject **)((char *)self + type->tp_weaklistoffset) != NULL)
        PyObject_ClearWeakRefs(self);
    clear(self);
    type->tp_free(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static PyType_Slot slots[] = {
    {Py_tp_doc, "The fields of a node; `microgrAD.graph` explains them."},
    {Py_tp_getset, getters},
    {Py_tp_members, members},
    {Py_tp_traverse, traverse},
    {Py_tp_clear, clear},
    {Py_tp_dealloc, deallocate},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "microgrAD.native._engine.Fields",
    .basicsize = sizeof(Record),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int add_fields(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    if (type == NULL)
        return -1;
    fields_type = (PyTypeObject *)type;
    /* pickle finds the fields of a user's subclass by this */
    PyObject *names = Py_BuildValue("(ssssssss)", "_data", "_grad", "_tag", "_a", "_b", "_da", "_db", "_n");
    if (names == NULL || PyObject_SetAttrString(type, "__slots__", names) < 0)
        return -1;
    Py_DECREF(names);
    return PyModule_AddObjectRef(module, "Fields", type);
}
