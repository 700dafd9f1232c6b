/* The module of the compiled engine. */

#include "engine.h"

static PyMethodDef functions[] = {
    {"count", (PyCFunction)(void (*)(void))count_consumers, METH_FASTCALL, "As `_count` in backward.py."},
    {"send", (PyCFunction)(void (*)(void))send_gradients, METH_FASTCALL, "As `_send` in backward.py."},
    {"get_data", (PyCFunction)(void (*)(void))get_data, METH_FASTCALL, "get_data(nodes, array): their numbers."},
    {"set_data", (PyCFunction)(void (*)(void))set_data_of, METH_FASTCALL, "set_data(nodes, array)"},
    {"get_grads", (PyCFunction)(void (*)(void))get_grads, METH_FASTCALL, "get_grads(nodes, array): their gradients."},
    {"set_grads", (PyCFunction)(void (*)(void))set_grads, METH_FASTCALL, "set_grads(nodes, array)"},
    {"add_grads", (PyCFunction)(void (*)(void))add_grads, METH_FASTCALL, "add_grads(nodes, array)"},
    {"install", install, METH_VARARGS, "install(Value, Node, tags, paused, MANY): make operations use this engine."},
    {NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "microgrAD.native._engine",
    .m_doc = "The compiled engine.",
    .m_size = -1,
    .m_methods = functions,
};

/* METHODS: the methods of Value that are called by a name */
static int add_names(PyObject *module)
{
    PyObject *names = PySet_New(NULL);
    for (int k = 0; names != NULL && k < OPERATION_COUNT; k++) {
        PyObject *name = PyUnicode_FromString(OPERATIONS[k].method);
        if (OPERATIONS[k].slot == NO_SLOT && (name == NULL || PySet_Add(names, name) < 0))
            Py_CLEAR(names);
        Py_XDECREF(name);
    }
    return names == NULL ? -1 : PyModule_AddObject(module, "METHODS", names);
}

PyMODINIT_FUNC PyInit__engine(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL || add_fields(module) < 0 || add_method(module) < 0 ||
        /* of the files that this was compiled from */
        PyModule_AddStringConstant(module, "FINGERPRINT", FINGERPRINT) < 0 || add_names(module) < 0) {
        Py_XDECREF(module);
        return NULL;
    }
    return module;
}
