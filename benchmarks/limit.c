/* Gradient descent on a small dense network, as one would write it for this one network: the limit of speed.
   The sizes, activations and loss are given by the compiler's options; see peers.py. */
#include <math.h>
#include <string.h>

static const int SIZE[] = {SIZES};

static double values[LAYERS + 1][ROWS][WIDEST], gradients[ROWS][WIDEST], before[ROWS][WIDEST];
static double slopes[LAYERS][WIDEST + 1][WIDEST];

static void forward(const double *theta, const double *X)
{
    for (int r = 0; r < ROWS; r++)
        for (int i = 0; i < SIZE[0]; i++)
            values[0][r][i] = X[r * SIZE[0] + i];
    for (int l = 0; l < LAYERS; l++) {
        int m = SIZE[l], n = SIZE[l + 1];
        const double *W = theta, *b = theta + m * n;
        for (int r = 0; r < ROWS; r++) {
            double *out = values[l + 1][r];
            for (int j = 0; j < n; j++)
                out[j] = b[j];
            for (int i = 0; i < m; i++) {
                double x = values[l][r][i];
                for (int j = 0; j < n; j++)
                    out[j] += x * W[i * n + j];
            }
            if (l < LAYERS - 1) {
#ifdef HIDDEN_tanh
                for (int j = 0; j < n; j++)
                    out[j] = tanh(out[j]);
#else
                for (int j = 0; j < n; j++)
                    out[j] = out[j] > 0 ? out[j] : 0;
#endif
            }
#ifdef LAST_tanh
            else
                for (int j = 0; j < n; j++)
                    out[j] = tanh(out[j]);
#endif
        }
        theta += (m + 1) * n;
    }
}

static void losses(const double *Y)
{
    for (int r = 0; r < ROWS; r++) {
        double *out = values[LAYERS][r], *g = gradients[r];
#if defined(LOSS_squares)
        g[0] = 2 * (out[0] - Y[r]) / ROWS;
#elif defined(LOSS_hinge)
        g[0] = Y[r] * out[0] < 1 ? -Y[r] / ROWS : 0;
#else
        int n = SIZE[LAYERS];
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += g[j] = exp(out[j]);
        for (int j = 0; j < n; j++)
            g[j] = (g[j] / sum - Y[r * n + j]) / ROWS;
#endif
#ifdef LAST_tanh
        g[0] *= 1 - out[0] * out[0];
#endif
    }
}

static void backward(const double *theta, int count)
{
    const double *end = theta + count;
    for (int l = LAYERS - 1; l >= 0; l--) {
        int m = SIZE[l], n = SIZE[l + 1];
        const double *W = end - (m + 1) * n;
        memset(slopes[l], 0, sizeof slopes[l]);
        for (int r = 0; r < ROWS; r++) {
            const double *g = gradients[r];
            for (int i = 0; i < m; i++) {
                double x = values[l][r][i], sum = 0;
                for (int j = 0; j < n; j++)
                    slopes[l][i][j] += x * g[j];
                if (l) {
                    for (int j = 0; j < n; j++)
                        sum += g[j] * W[i * n + j];
#ifdef HIDDEN_tanh
                    before[r][i] = sum * (1 - x * x);
#else
                    before[r][i] = x > 0 ? sum : 0;
#endif
                }
            }
            for (int j = 0; j < n; j++)
                slopes[l][m][j] += g[j];
        }
        if (l)
            memcpy(gradients, before, sizeof before);
        end = W;
    }
}

void train(double *theta, const double *X, const double *Y, double lr, int steps)
{
    int count = 0;
    for (int l = 0; l < LAYERS; l++)
        count += (SIZE[l] + 1) * SIZE[l + 1];
    while (steps--) {
        forward(theta, X);
        losses(Y);
        backward(theta, count);
        double *p = theta;
        for (int l = 0; l < LAYERS; l++)
            for (int i = 0; i <= SIZE[l]; i++)
                for (int j = 0; j < SIZE[l + 1]; j++, p++)
                    *p -= lr * (slopes[l][i][j] + 2 * PENALTY * *p);
    }
}
