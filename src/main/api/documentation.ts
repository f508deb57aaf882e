/** `/docs`: interactive documentation of the APIs, made from the very schemas that check requests. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** To be called before any documented route is registered. */
export async function addDocumentation(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Threshold NVR',
        version,
        description:
          'The APIs that other systems use. Make a token in the UI under Settings, then authorize here.',
      },
      tags: [
        { name: 'Access control', description: 'Door readers and what they report (PACS).' },
        {
          name: 'Organisation cameras',
          description: 'A camera’s life from registration to decommissioning.',
        },
        { name: 'Faceter', description: 'Cameras, events, archive and exports for video platforms.' },
        { name: 'Camlytics', description: 'Counts and events of lines and zones, for analytics.' },
      ],
      components: {
        securitySchemes: {
          integrationKey: { type: 'apiKey', in: 'header', name: 'X-Integration-Key' },
          camlyticsKey: { type: 'apiKey', in: 'header', name: 'X-Key' },
          camlyticsSignature: {
            type: 'apiKey',
            in: 'header',
            name: 'X-Sign',
            description:
              'Hex HMAC-SHA512 of the request target as it is sent, path and query, with the secret of the key',
          },
          token: { type: 'http', scheme: 'bearer', description: '`Authorization: Bearer T` or `token T`' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, docExpansion: 'list' },
    staticCSP: false,
    theme: {
      title: 'Threshold NVR: APIs',
      css: [{ filename: 'theme.css', content: '.swagger-ui .topbar { display: none; }' }],
    },
  });
}
