"""The one list of call categories: those an account may have built by AI, and those nobody may."""

BUILDABLE: dict[str, str] = {
    "password_reset": "Password reset",
    "account_lockout": "Account lockout",
    "printer": "Printer",
    "email_outlook_client": "E-mail and Outlook client",
    "wifi_network_basics": "Wi-Fi and network basics",
    "vpn_connect": "VPN connection",
    "teams_zoom_av": "Teams and Zoom audio and video",
    "browser_cache_cookies": "Browser, cache and cookies",
    "peripheral_reconnect": "Reconnecting a peripheral",
    "os_restart_update": "Restart and system updates",
}
"""Key to label. An account may switch each of them off."""

FORBIDDEN: dict[str, str] = {
    "registry_edit": "Registry edit",
    "system_file_or_boot_edit": "System file or boot edit",
    "data_or_disk_deletion": "Data or disk deletion",
    "credential_or_mfa_change": "Credential or MFA change",
    "security_or_av_or_firewall_change": "Security, antivirus or firewall change",
    "elevated_or_admin_script": "Elevated or admin script",
    "domain_dns_dhcp_change": "Domain, DNS or DHCP change",
    "server_or_production_config": "Server or production configuration",
    "billing_or_license_change": "Billing or licence change",
}
"""Key to label. Never enabled, whoever asks."""

UNKNOWN = "unknown"
"""What the classifier answers when it cannot tell; never enabled."""
