"""The words by which a category is known, written by hand.

A number is how much a cue speaks for its category. Phrases hit when their words stand near each other, in any order.
A word that many troubles share ("update", "account", "reset") weighs 1, so that it never decides alone.
"""

CUES: dict[str, str] = {
    "password_reset": """
        4 forgot password, forgotten password, password expired
        4 expired password, password reset, reset password
        3 change password, new password, remember password, lost password
        3 forgot pin, windows pin, hello pin
        2 password
        1 reset, credentials, username
    """,
    "account_lockout": """
        4 account locked, unlock account, account lockout, login locked, profile locked
        3 unlock user, login blocked, account blocked, account disabled
        3 locked out, too many attempts, too many tries, too many times, locked computer, locked windows
        1 account, locked, unlock, attempts
    """,
    "printer": """
        3 label printer, label blank, streaky prints, printout lines, prints faint, toner smudge, copier scan
        3 paper jam, scan email, scan folder, printer offline, print queue
        3 add printer, map printer, install printer, default printer
        2 printer, print, printout, copier, zebra, dymo, photocopier, toner, cartridge, spooler
        1 jam, scan, scanner, paper, tray, ink
    """,
    "email_outlook_client": """
        3 mailbox full, mailbox access, automatic reply, out office, absence note, outlook search
        3 outlook signature, email signature, signature missing, shared calendar, share calendar, outlook calendar
        3 outlook password, outlook credentials, email password, shared mailbox
        2 outlook, email, mailbox, inbox, outbox, thunderbird
        1 calendar, attachment, signature, send, receive, folder
    """,
    "wifi_network_basics": """
        3 network cable, wifi password, no internet
        3 weak signal, internet down, network icon, network port, get online
        3 internet connection, internet slow, airplane mode, network connection
        2 wifi, internet, ethernet, router, ssid, hotspot, broadband
        1 network, cable, signal
    """,
    "vpn_connect": """
        3 company network
        3 vpn, anyconnect, globalprotect, forticlient, openvpn, wireguard
        2 remote access
        1 tunnel, gateway
    """,
    "teams_zoom_av": """
        3 join meeting, join call, meeting link, meeting lobby, share button
        3 share screen, screen sharing, video call, hear me, see me, cannot hear
        2 teams, zoom, webex, skype, microphone, camera, mute, unmute, audio
        1 meeting, call, sound, speaker, headset, video, hear
    """,
    "browser_cache_cookies": """
        3 white page, blank page, too many redirects
        3 clear cache, browser cache, cookie, page load, website load, microsoft edge
        2 browser, chrome, firefox, safari, cache, website
        1 edge, page, tab, site, portal, load
    """,
    "peripheral_reconnect": """
        3 monitor signal, screen signal, screen flicker, no input, mouse pointer
        3 docking station, second screen, external screen, external monitor, bluetooth headset, bluetooth mouse
        2 keyboard, mouse, monitor, dock, usb, bluetooth, touchpad, headset, hdmi, displayport, dongle
        2 speaker, airpods, earbuds
        1 port, pair, plugged, unplug, cable, screen, wireless, cursor
    """,
    "os_restart_update": """
        3 windows update, computer slow, laptop slow
        3 blue screen, bluescreen, automatic repair, undoing changes, working updates, windows start
        3 computer crash, laptop crash, computer boot, laptop boot, boot loop
        3 computer freeze, laptop freeze, computer hang, system update
        3 pending restart, restart update, macos update, windows slow, windows freeze
        2 reboot, computer restart, laptop restart, update install, update fail, update stuck
        1 update, restart, windows, computer, laptop, macos, macbook, slow, freeze, desktop, shut
    """,
}

ELSEWHERE = """
    3 desk phone, phone system, dial tone, mapped drive
    3 network drive, shared drive, remote desktop, spam filter
    2 sharepoint, onedrive, excel, powerpoint, word document, pdf
    2 adobe, quickbooks, sage, sap, erp, crm, rdp
    2 phone, voicemail, iphone, android, tablet, ipad, intune, backup, fax, badge, alarm, cctv, citrix, dropbox
    2 application, database, battery, charger, fan, domain, permission
    1 server, deleted
    2 access folder, access site, distribution list, conditional access
"""
"""What no buildable category covers; speaks against all of them."""

TROUBLE = """
    not no none nobody neither cant cannot wont doesnt dont isnt arent didnt couldnt wouldnt wasnt never nothing
    unable stop stopped fail failed failing failure error crash slow stuck stick blank missing break drop
    disconnect disappear offline flicker black hang lose die problem issue trouble help wrong acting weird keeps
    again how connect open freeze refuse unstable delay echo loud invisible unresponsive dead jam faint blurry
"""
"""What turns the name of a thing into a complaint; weighs 1, once, for what else is named."""

FORBIDDEN_WISHES: dict[str, str] = {
    "registry_edit": "registry, regedit, hkey",
    "system_file_or_boot_edit": """
        system32, bios, uefi, bootloader, boot order, boot device, boot configuration, hosts file, msconfig,
        system file, bcdedit, firmware
    """,
    "data_or_disk_deletion": """
        partition, diskpart, format drive, format disk, format laptop, format computer, format usb, format hard,
        wipe drive, wipe disk, wipe laptop, wipe computer, wipe phone, erase drive, erase disk, erase data,
        erase laptop, delete drive, delete disk, delete file, delete user, delete account, delete mailbox,
        delete profile, delete database, delete folder, delete document, delete everything, clear drive, clear disk,
        empty drive, factory reset, reimage, reinstall windows
    """,
    "credential_or_mfa_change": """
        mfa, recovery key, security key, yubikey, service account, administrator password, shared password,
        security question, verification code
    """,
    "security_or_av_or_firewall_change": """
        firewall, antivirus, defender, malware, virus, phishing, bitlocker, quarantine, crowdstrike,
        sentinelone, sophos, edr, smartscreen, disable security, disable protection, off security,
        off protection, uninstall security, windows security, whitelist, allowlist, security software,
        security application
    """,
    "elevated_or_admin_script": """
        powershell, script, sudo, elevated, uac, gpo, command prompt, command line, group policy,
        administrator right, administrator access, administrator permission, as administrator,
        run administrator, local administrator
    """,
    "domain_dns_dhcp_change": """
        dns, dhcp, nameserver, domain controller, active directory, static ip, change ip, change domain,
        domain name, join domain, domain record, mx record, domain trust, registrar, vlan,
        transfer domain, renew domain, new domain, ssl certificate, port forwarding
    """,
    "server_or_production_config": """
        production server, production system, production database, sql, hypervisor, vmware, exchange server,
        restart server, reboot server, server configuration, server setting, server update, server down,
        change server, install server, patch server, update server, server service, move server, server disk,
        server offline
    """,
    "billing_or_license_change": """
        license, subscription, upgrade plan, refund, credit card, payment method, pay invoice, invoice wrong,
        billing address, billing contact, billing portal, billing plan, billing cycle
    """,
}
"""What shows that something is wanted that is never built, by the category it belongs to."""
