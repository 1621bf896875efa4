import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** `/api/docs`: Swagger UI from our own disk, so that it works without the internet. */
export const serveDocs = async (app: FastifyInstance, document: object): Promise<void> => {
  await app.register(swagger, { mode: 'static', specification: { document: document as never } });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: {
      // Otherwise the page sends the address of our description to validator.swagger.io.
      validatorUrl: null,
      docExpansion: 'none',
      tryItOutEnabled: true,
    },
    theme: { title: 'Liên Thông API' },
  });
};
