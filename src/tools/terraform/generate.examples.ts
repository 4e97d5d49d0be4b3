/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'write terraform for an S3 bucket', params: { resource: 's3 bucket' } },
  {
    request: 'generate terraform for a kubernetes cluster on gcp',
    params: { resource: 'kubernetes cluster', provider: 'gcp' },
  },
  {
    request: 'terraform code for a virtual network in azure please',
    params: { resource: 'virtual network', provider: 'azure' },
  },
  { request: 'i need hcl for an aws iam role', params: { resource: 'iam role', provider: 'aws' } },
  {
    request: 'make me a terraform module for a postgres database',
    params: { resource: 'postgres database' },
  },
  { request: 'tf for a storage account', params: { resource: 'storage account' } },
  { request: 'can you write the terraform of a VPC', params: { resource: 'vpc' } },
  { request: 'scaffold terraform for a gke cluster', params: { resource: 'gke cluster' } },
  {
    request: 'generate terraform for a virtual machine on azure',
    params: { resource: 'virtual machine', provider: 'azure' },
  },
  { request: 'wirte terrafrom for an ec2 instance', params: { resource: 'ec2 instance' } },
  {
    request: 'give me terraform for a cloud sql instance on gcp',
    params: { resource: 'cloud sql instance', provider: 'gcp' },
  },
  { request: 'create terraform files for a bucket in aws', params: { resource: 'bucket', provider: 'aws' } },
  { request: 'write me some terraform', params: {} },
  {
    request: 'how does an encrypted rds database look in terraform? write it',
    params: { resource: 'encrypted rds database' },
  },
];
