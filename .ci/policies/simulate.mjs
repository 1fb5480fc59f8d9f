// Answers questions with a simulator of IAM: who may do what on which resource. It reads from standard
// input {policies: {who: document}, questions: [[who, action, resource, context]]}, and writes the
// results in the order of the questions. A resource * stands for any that a policy names.
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

const modules = createRequire(process.env.EXTRAEYE_NPM + '/')
const { runSimulation } = await import(pathToFileURL(modules.resolve('@cloud-copilot/iam-simulate')))

const { policies, questions } = JSON.parse(await text(process.stdin))
const answers = []
// The key policy that a key has by default: policies of the account's roles count.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
const keyPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' }] }
for (const [who, action, resource, contextVariables] of questions) {
  const r = await runSimulation({
    request: { principal: 'arn:aws:sts::123456789012:assumed-role/role/session', action, contextVariables, resource: { resource, accountId: '123456789012' } },
    identityPolicies: [{ name: 'policy', policy: policies[who] }], serviceControlPolicies: [], resourceControlPolicies: [],
    resourcePolicy: action.startsWith('kms:') ? keyPolicy : undefined,
  }, { simulationMode: 'Strict' })
  answers.push(r.resultType === 'error' ? 'error: ' + JSON.stringify(r.errors) : r.overallResult)
}
process.stdout.write(JSON.stringify(answers))
