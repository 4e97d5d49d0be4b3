import type { Module } from '../module.ts';

export const network: Module = {
  main: `resource "azurerm_virtual_network" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = [var.cidr]
  tags                = var.tags
}

resource "azurerm_subnet" "this" {
  for_each                        = var.subnets
  name                            = each.key
  resource_group_name             = var.resource_group_name
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [each.value]
  default_outbound_access_enabled = false
}

resource "azurerm_network_security_group" "this" {
  name                = format("%s-closed", var.name)
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
  security_rule {
    name                       = "deny-from-internet"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each                  = azurerm_subnet.this
  subnet_id                 = each.value.id
  network_security_group_id = azurerm_network_security_group.this.id
}
`,
  variables: `variable "name" {
  description = "Name of the network."
  type        = string
}

variable "location" {
  description = "Region."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network."
  type        = string
  default     = "10.0.0.0/16"
}

variable "subnets" {
  description = "Addresses of the subnets by name."
  type        = map(string)
  default     = { app = "10.0.1.0/24", data = "10.0.2.0/24" }
}
`,
  outputs: `output "id" {
  description = "Id of the network."
  value       = azurerm_virtual_network.this.id
}

output "subnet_ids" {
  description = "Ids of the subnets by name."
  value       = { for name, subnet in azurerm_subnet.this : name => subnet.id }
}
`,
};
