import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.js';
import { Public } from './access.js';
import { Answers, Says } from './answers.js';
import { ApiDescription } from './api-description.js';
import { asPage } from './pages.js';
import { PROBLEM_CODES, PROBLEMS } from './problems.js';

const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quittance API</title>
<link rel="icon" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;

const START = `window.ui = SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null, persistAuthorization: false,
});
`;

/** The API's description, for programs and for people. Nothing is loaded from elsewhere. */
@Controller()
@Public()
export class DocsController {
  constructor(private readonly description: ApiDescription) {}

  @Get('openapi.json')
  @Says('This document')
  @Answers(200, z.looseObject({ openapi: z.string() }), '', 'application/json')
  openapi() {
    return this.description.document();
  }

  @Get('docs')
  page(@Res() reply: FastifyReply) {
    asPage(reply, { scripts: true, connect: true }).send(PAGE);
  }

  @Get('docs/:file')
  async asset(@Param('file') file: string, @Res() reply: FastifyReply) {
    if (file === 'start.js') return reply.type('text/javascript; charset=utf-8').send(START);
    const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
    if (!type) throw new Refusal('not_found', 'There is no such file.');
    // Swagger UI comes with @nestjs/swagger; its folder is looked for from there, and not before it is asked for.
    const fromSwagger = createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger'));
    const folder = dirname(fromSwagger.resolve('swagger-ui-dist/package.json'));
    return reply
      .type(type)
      .header('cache-control', 'max-age=3600')
      .send(await readFile(join(folder, file)));
  }

  /** Where the `type` of a problem leads. */
  @Get('problems/:code')
  problem(@Param('code') code: string) {
    const known = PROBLEM_CODES.find((one) => one === code);
    if (!known) throw new Refusal('not_found', 'There is no such problem.');
    const { status, title, retryable = false } = PROBLEMS[known];
    return { code: known, title, status, retryable };
  }
}
